import { type Caller, requireScope, type Scope } from '../domain/access.ts';
import type { AppContext, AppMiddleware } from './context.ts';
import { missingCredential } from './errors.ts';

/** What a route asks of its caller: a scope, or no more than a credential that is known. */
export type Requirement = Scope | 'credential';

const guard =
  (check: (caller: Caller) => void): AppMiddleware =>
  async (c, next) => {
    check(callerOf(c));
    await next();
  };

/** A path that is open by mistake has no caller; its route then refuses, too. */
function callerOf(c: AppContext): Caller {
  const caller: Caller | undefined = c.get('caller');
  if (caller === undefined) throw missingCredential();
  return caller;
}

/** One guard for each requirement, so that it can be recognised in the routing table. */
export const GUARDS: Readonly<Record<Requirement, AppMiddleware>> = {
  read: guard((caller) => requireScope(caller, 'read')),
  write: guard((caller) => requireScope(caller, 'write')),
  admin: guard((caller) => requireScope(caller, 'admin')),
  credential: guard(() => undefined),
};

/** The part of a route's definition that says, to the router and to the reader, which callers it serves. */
export function requires(requirement: Requirement) {
  const roles = requirement === 'credential' ? [] : [requirement];
  return { middleware: GUARDS[requirement], security: [{ bearer: roles }] };
}
