import type { Cause } from './transitions.ts';

/** What can happen to a task, by its cause or by what the task is then; and to the settings of its project. */
export const EVENT_TYPES = [
  'added',
  'moved',
  'reset',
  'claimed',
  'released',
  'retried',
  'expired',
  'progressed',
  'edited',
  'noted',
  'need_set',
  'need_removed',
  'ready',
  'blocked',
  'stuck',
  'deleted',
  'restored',
  'archived',
  'imported',
  'project_changed',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

/** The event that a cause of the transition table leaves behind. */
export const EVENT_OF: Readonly<Record<Cause, EventType>> = {
  move: 'moved',
  reset: 'reset',
  claim: 'claimed',
  release: 'released',
  retry: 'retried',
  expiry: 'expired',
};

/** Keeps the place of a request that changed nothing, so that a late copy of it cannot change anything either. */
export const SEALED = 'sealed';

/** The most characters of a text in an event: in UTF-8, 2,000 bytes at most. */
export const EVENT_TEXT_CHARACTERS = 500;

/** The most events that one look at the log reads, whatever it is asked to leave out. */
export const EVENTS_PER_LOOK = 10_000;
