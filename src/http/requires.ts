import { requireScope, type Scope } from '../domain/access.ts';
import type { AppMiddleware } from './context.ts';

/** What a route asks of its caller: a scope, or no more than a credential that is known. */
export type Requirement = Scope | 'credential';

const guard =
  (scope: Scope): AppMiddleware =>
  async (c, next) => {
    requireScope(c.var.caller, scope);
    await next();
  };

/** One guard for each requirement, so that it can be recognised in the routing table. */
export const GUARDS: Readonly<Record<Requirement, AppMiddleware>> = {
  read: guard('read'),
  write: guard('write'),
  admin: guard('admin'),
  credential: (_, next) => next(),
};

/** The part of a route's definition that says, to the router and to the reader, which callers it serves. */
export function requires(requirement: Requirement) {
  return { middleware: GUARDS[requirement] };
}
