import * as fc from 'fast-check';
import { STATUSES } from './intent.ts';

// Few projects and ids, so that clients meet.
export const PROJECTS = ['a', 'b'] as const;

export const project = fc.constantFrom(...PROJECTS);
// The last is what the service gives first.
export const task = fc.constantFrom('-1', '-1', '-1', '-2', '-2', '-3', 'TASK-001');
export const status = fc.constantFrom(...STATUSES);
export const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

export const again = fc.option(fc.constant(true), { nil: undefined, freq: 3 });

export const notes = fc.constantFrom('absent' as const, 'null' as const, 'empty' as const, 'text' as const);
