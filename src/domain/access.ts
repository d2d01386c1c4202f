import { refusal } from './errors/index.ts';

/** A set: no scope implies another (RFC 6749, section 3.3). */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** The projects that a credential has access to; `*` stands for all. */
export type CoveredProjects = '*' | readonly string[];

export interface Caller {
  /** Names the credential in the log; never a part of it. */
  readonly name: string;
  readonly projects: CoveredProjects;
  readonly scopes: readonly Scope[];
}

/** For callers without a name of their own. A token with a subject has it after a colon. */
export const CALLER_NAMES = { apiKey: 'API_KEY', anonymous: 'anonymous', token: 'jwt' } as const;

/** A caller with every scope in every project. */
export function unrestricted(name: string): Caller {
  return { name, projects: '*', scopes: SCOPES };
}

/** Refuses with `insufficient_scope` a caller that lacks a scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw refusal(`lacks_${scope}`, {});
}

/** Refuses with `project_forbidden` where the caller lacks access. The answer never depends on what exists. */
export function requireProjects(caller: Caller, named: readonly string[]): void {
  const { projects } = caller;
  if (projects === '*') return;
  const covered = new Set(projects);
  const foreign = new Set(named.filter((project) => !covered.has(project)));
  if (foreign.size > 0) throw refusal('project_forbidden', { project_ids: [...foreign] });
}

/** The caller's projects as a statement binds them; null stands for all. */
export function boundProjects({ projects }: Caller): readonly string[] | null {
  return projects === '*' ? null : projects;
}
