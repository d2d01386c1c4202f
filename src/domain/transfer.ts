import { EVENT_TYPES, type EventType } from './events.ts';

/** The form of the lines of an export; an import takes no other. */
export const EXPORT_FORMAT = 1;

/** What a line of an export is about. */
export const LINE_KINDS = [
  'project',
  'ids',
  'event',
  'task',
  'note',
  'attempt',
  'artifact',
  'gone',
  'cursor',
  'end',
] as const;

export type LineKind = (typeof LINE_KINDS)[number];

const NOT_TOLD: readonly EventType[] = ['imported', 'project_changed'];

/** The events that an export tells: what an import did is no part of what happened to a task. */
export const TOLD_EVENTS: readonly EventType[] = EVENT_TYPES.filter((type) => !NOT_TOLD.includes(type));

/** What an import makes of a line. */
export const LINE_RESULTS = ['added', 'replaced', 'removed', 'unchanged', 'skipped'] as const;

export type LineResult = (typeof LINE_RESULTS)[number];

/** Why a line was skipped. */
export const SKIP_REASONS = ['newer', 'deleted', 'no_task', 'too_many_notes'] as const;

/**
 * What an export walks through, in that order, each by its own index; then come the changes of meanwhile, until a look
 * sees all of them.
 */
export const EXPORT_WALKS = ['ids', 'events', 'tasks', 'notes', 'attempts', 'artifacts'] as const;

export type ExportWalk = (typeof EXPORT_WALKS)[number];

export const TRANSFER_LIMITS = {
  linesPerImport: 500,
  /** A page ends after the line with which it reaches this size. */
  pageBytes: 1024 * 1024,
  linesPerPage: 500,
  /** Of events that one look at the changes reads. */
  changesPerPage: 500,
  /** Below the 50 subrequests of Workers' free plan, and so few that a client gets them in the time that it waits. */
  pagesPerAnswer: 10,
  /** Leaves every later change room in the columns. */
  version: 1_000_000_000,
  expiries: 1_000,
  eventDataBytes: 64 * 1024,
  callerCharacters: 10_000,
  /** No longer one fits into an address. */
  cursorCharacters: 8_000,
  /** What a transaction that was open when a walk began may lie back, in seconds; a statement ends sooner. */
  openSeconds: 60,
} as const;
