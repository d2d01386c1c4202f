import { signal } from '@preact/signals';
import { type Calls as AllCalls, createCallsOf } from '../../../client/calls.ts';
import { type ProjectsAnswer, TaskTrackerError } from '../../../client/index.ts';
import {
  addNote,
  addTasks,
  changeTasks,
  deleteNeed,
  deleteTask,
  editTask,
  explainTask,
  getGraph,
  getStatistics,
  getTask,
  getTaskHistory,
  listNotes,
  listProjects,
  listTasks,
  provideArtifact,
  putNeed,
  putProject,
  restoreTask,
  updateTaskStatus,
} from '../../../client/schema.ts';
import { tellServerTime } from '../text/clock.ts';
import { discardDrafts } from './drafts.ts';
import { Newest } from './newest.ts';

/** What the board asks of the service; the routes of other operations need not be loaded. */
const ROUTES = {
  addNote,
  addTasks,
  changeTasks,
  deleteNeed,
  deleteTask,
  editTask,
  explainTask,
  getGraph,
  getStatistics,
  getTask,
  getTaskHistory,
  listNotes,
  listProjects,
  listTasks,
  provideArtifact,
  putNeed,
  putProject,
  restoreTask,
  updateTaskStatus,
};

export type Calls = Pick<AllCalls, keyof typeof ROUTES>;

export type Scope = ProjectsAnswer['credential']['scopes'][number];

/** Somebody who has signed in. */
export interface Session {
  readonly client: Calls;
  /** Empty where the service lets everybody in. */
  readonly key: string;
  readonly credential: ProjectsAnswer['credential'];
  readonly projects: ProjectsAnswer['projects'];
}

const STORED = 'task-tracker-key';
/** How soon a sign-in is tried again that the service could not answer. */
const AGAIN_SECONDS = 5;

export const session = signal<Session | null>(null);
/** Why there is no session, in a sentence; empty where nobody has tried yet. */
export const refusalReason = signal('');
/** Whether the board is asking the service who this is. */
export const isAsking = signal(true);

let again: ReturnType<typeof setTimeout> | undefined;

/**
 * Signs in with a key, or without one where it is empty; on a refusal the reason is shown. Only 401 and 403 speak of the
 * key: after anything else it may be good, so it is kept and tried again.
 */
export async function signIn(key: string): Promise<void> {
  clearTimeout(again);
  isAsking.value = true;
  refusalReason.value = '';
  const client = createCallsOf(ROUTES, { baseUrl: location.origin, key, fetch: fetchWithTime });
  try {
    const { credential, projects } = await client.listProjects({}, { retries: 0 });
    sessionStorage.setItem(STORED, key);
    session.value = { client, key, credential, projects };
  } catch (error) {
    const sentence = sentenceOf(error);
    const { status = 0, retryAfterSeconds = AGAIN_SECONDS } = error instanceof TaskTrackerError ? error : {};
    if (status === 401 || status === 403) signOut(sentence);
    else {
      refusalReason.value = `${sentence}. The board asks again in ${retryAfterSeconds} s; your key is kept`;
      again = setTimeout(() => {
        if (session.value === null) void signIn(key);
      }, retryAfterSeconds * 1_000);
    }
  } finally {
    isAsking.value = false;
  }
}

/** Goes on with the key of this tab; without one, asks whether the service lets everybody in. */
export async function resume(): Promise<void> {
  const stored = sessionStorage.getItem(STORED);
  await signIn(stored ?? '');
  // Nobody has given a key yet, so none was wrong.
  if (stored === null && session.value === null) refusalReason.value = '';
}

/** Forgets the key, and what was typed and not sent unless there is a reason that the reader did not choose. */
export function signOut(reason = ''): void {
  if (reason === '') discardDrafts();
  sessionStorage.removeItem(STORED);
  session.value = null;
  refusalReason.value = reason;
}

const reloads = new Newest();

/** Asks the projects anew, as after a change of one. An answer that a newer one has overtaken is dropped. */
export async function reloadProjects(): Promise<void> {
  const client = session.value?.client;
  if (client === undefined) return;
  const isWanted = reloads.ask();
  const { credential, projects } = await client.listProjects();
  const current = session.value;
  if (current?.client === client && isWanted()) session.value = { ...current, credential, projects };
}

/** Whether the session may do what needs these scopes. */
export function may(...scopes: readonly Scope[]): boolean {
  return scopes.every((scope) => session.value?.credential.scopes.includes(scope) === true);
}

/** The service's own sentence where it gave one. A refused credential ends the session. */
export function reasonOf(error: unknown): string {
  const sentence = sentenceOf(error);
  if (error instanceof TaskTrackerError && error.status === 401) signOut(sentence);
  return sentence;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function fetchWithTime(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, cache: 'no-store' });
  tellServerTime(response.headers.get('date'));
  return response;
}
