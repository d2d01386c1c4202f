import type { Status } from '../../src/domain/task.ts';

interface State {
  readonly status: Status;
  /** What has to be said where it cannot stay what it is. */
  readonly remark?: string;
  /** The phrase may name what it waits for. */
  readonly isBlocked?: boolean;
}

export interface StatusTaken extends State {
  /** What the phrase says beyond its state and a date. */
  readonly rest: string;
}

const HELD: State = {
  status: 'pending',
  remark: 'In progress in the list; added as pending, since nobody holds it here',
};
const BLOCKED: State = {
  status: 'pending',
  isBlocked: true,
  remark: 'Blocked in the list; added as pending, so give it a need if it has none',
};
const ISSUES_FOUND: State = {
  status: 'failed',
  remark: 'Issues found; added as failed, so reset it once they are settled',
};

/** THE table of the states that lists know, in lower case without signs, and what becomes of each. */
const STATES: Readonly<Record<string, State>> = {
  completed: { status: 'completed' },
  complete: { status: 'completed' },
  done: { status: 'completed' },
  closed: { status: 'completed' },
  finished: { status: 'completed' },
  resolved: { status: 'completed' },
  pending: { status: 'pending' },
  'not started': { status: 'pending' },
  open: { status: 'pending' },
  todo: { status: 'pending' },
  'to do': { status: 'pending' },
  planned: { status: 'pending' },
  queued: { status: 'pending' },
  'in progress': HELD,
  wip: HELD,
  started: HELD,
  hooked: {
    status: 'pending',
    remark: 'On an agent’s hook in the list; added as pending, since nobody holds it here',
  },
  pinned: { status: 'pending', remark: 'Pinned in the list; added as pending' },
  blocked: BLOCKED,
  'on hold': BLOCKED,
  'issues found': ISSUES_FOUND,
  review: { status: 'pending', remark: 'In review in the list; added as pending' },
  'in review': { status: 'pending', remark: 'In review in the list; added as pending' },
  failed: { status: 'failed' },
  cancelled: { status: 'cancelled' },
  canceled: { status: 'cancelled' },
  deferred: {
    status: 'cancelled',
    remark: 'Deferred in the list; added as cancelled, so reset it once it is due',
  },
};

/** What a sign alone stands for. */
const SIGNS: Readonly<Record<string, State>> = {
  '✅': { status: 'completed' },
  '✔': { status: 'completed' },
  '⏳': { status: 'pending' },
  '🔄': HELD,
  '⏸': BLOCKED,
  '🚫': BLOCKED,
  '⚠': ISSUES_FOUND,
};

/** One of the signs of a state, for use within a larger pattern. */
export const SIGN = `(?:${Object.keys(SIGNS).join('|')})\uFE0F?`;

/** What documents go through, and tasks do not. */
const OF_DOCUMENTS = /^(?:draft|proposed|final|approved|accepted|published|superseded|deprecated)\b/i;

/** Whether a status is that of what a task makes. */
export const isOfDocument = (written: string): boolean => OF_DOCUMENTS.test(written.replace(/^[^a-z]+/i, ''));

const DATE = /\(?\d{4}-\d{2}-\d{2}\)?/g;

const SIGNED = new RegExp(`^(${SIGN})?[^\\p{L}\\p{N}]*(.*)$`, 'su');

/** How many words a state may have, and what comes after as many. */
const LENGTHS = [2, 1].map((count) => ({
  count,
  after: new RegExp(`^(?:[\\p{L}\\p{N}]+[^\\p{L}\\p{N}]*){${count}}(.*)$`, 'su'),
}));

/** What becomes of a state at the start of a phrase, by its words or else its sign; undefined where there is none. */
export function statusOf(written: string): StatusTaken | undefined {
  const [, sign, phrase = ''] = SIGNED.exec(written.trim()) ?? [];
  const words = phrase.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const { count, after } of LENGTHS) {
    const state = words.slice(0, count).join(' ');
    if (words.length < count || !Object.hasOwn(STATES, state)) continue;
    const taken = STATES[state];
    if (taken !== undefined) return { ...taken, rest: withoutDate(after.exec(phrase)?.[1] ?? '') };
  }
  const meant = sign === undefined ? undefined : SIGNS[sign.replace('\uFE0F', '')];
  return meant === undefined || words.length > 0 ? undefined : { ...meant, rest: '' };
}

/** The status of a task in a list that has one field for it, with what has to be said and kept of it. */
export function takeStatus(written: string): { status: Status; remarks: string[]; notes: string[] } {
  const taken = statusOf(written);
  if (taken === undefined) {
    const remark = `Its status "${written}" is not known; added as pending`;
    return { status: 'pending', remarks: [remark], notes: [`Status: ${written}`] };
  }
  const { status, remark, rest } = taken;
  return {
    status,
    remarks: remark === undefined ? [] : [remark],
    notes: rest === '' ? [] : [`Status: ${written}`],
  };
}

const withoutDate = (text: string) =>
  text.replaceAll(DATE, '').replaceAll(/^[\s.,:;()–—-]+|[\s.,:;(–—-]+$/g, '');
