import { refusal } from './errors/index.ts';

/** What a caller may do. The scopes are a set: none of them implies another (RFC 6749, section 3.3). */
export const SCOPES = ['read', 'write', 'admin'] as const;

export type Scope = (typeof SCOPES)[number];

/** The projects that a credential covers: those of a list, or every one, which `*` stands for. */
export type CoveredProjects = '*' | readonly string[];

/** Who is asking, as far as the service has to know. */
export interface Caller {
  /** Names the credential in the log; no part of the credential itself. */
  readonly name: string;
  readonly projects: CoveredProjects;
  readonly scopes: readonly Scope[];
}

/** What callers are called that have no name of their own; a token with a subject has it behind a colon. */
export const CALLER_NAMES = { apiKey: 'API_KEY', anonymous: 'anonymous', token: 'jwt' } as const;

/** A caller that may do everything in every project. */
export function unrestricted(name: string): Caller {
  return { name, projects: '*', scopes: SCOPES };
}

/** Refuses with `insufficient_scope` a caller that lacks a scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.includes(scope)) throw refusal(`lacks_${scope}`, {});
}

/**
 * Refuses with `project_forbidden` a caller that names a project which its credential does not cover. The answer
 * depends on the credential and on what was named only, so it is the same whether or not the project exists.
 */
export function requireProjects(caller: Caller, named: readonly string[]): void {
  const { projects } = caller;
  if (projects === '*') return;
  const covered = new Set(projects);
  const foreign = new Set(named.filter((project) => !covered.has(project)));
  if (foreign.size > 0) throw refusal('project_forbidden', { project_ids: [...foreign] });
}

/** The covered projects as a statement binds them: an array, or null where every project is covered. */
export function boundProjects({ projects }: Caller): readonly string[] | null {
  return projects === '*' ? null : projects;
}
