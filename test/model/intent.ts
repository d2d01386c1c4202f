import type { InvalidName } from './invalid-requests.ts';

/** The states of a task, as the story names them. */
export type Status = 'pending' | 'in_progress' | 'completed' | 'failed' | 'cancelled';

export const STATUSES: readonly Status[] = ['pending', 'in_progress', 'completed', 'failed', 'cancelled'];

/** A task by its whole identity. */
export interface TaskKey {
  readonly project: string;
  readonly task: string;
}

/** A task from its creation on; one that is added again after it was deleted is another. */
export interface CreatedTask extends TaskKey {
  /** Tells which operation added it. */
  readonly description: string;
}

/** How the notes of a move are given; a text is unique to its operation. */
export type NotesForm = 'absent' | 'null' | 'empty' | 'text';

/**
 * Which token a client shows: none, the newest that anybody was given for the task, the one before, or what somebody may
 * guess who knows the number of the newest.
 */
export type TokenChoice = 'none' | 'newest' | 'older' | 'guessed';

/** Whether a write is sent twice with one idempotency key. */
interface Write {
  readonly again: boolean | undefined;
}

/** What a client means to do; ids are local to the run. */
export type Intent =
  | TaskIntent
  | ClaimIntent
  | HoldersIntent
  | GraphIntent
  | ListIntent
  | BulkIntent
  | TransferIntent
  /** Time passes: all leases expire and all pauses end. */
  | { readonly kind: 'tick' }
  /** An earlier look of a claim that waits, which came to nothing. Nobody sends it: the checker adds it. */
  | { readonly kind: 'look'; readonly project: string }
  | { readonly kind: 'invalid'; readonly name: InvalidName; readonly status: number; readonly code: string };

export interface ClaimIntent extends Write {
  readonly kind: 'claim';
  readonly project: string;
  readonly agent: string;
  readonly capacity: number | undefined;
  /** How many tasks it asks for; without, for one, in the form of an answer without a list. */
  readonly count: number | undefined;
  /** In seconds; that of the service when undefined. */
  readonly lease: number | undefined;
  /** For how many seconds it looks again while there is nothing. */
  readonly wait: number | undefined;
}

export type HoldersIntent = Write &
  TaskKey & { readonly token: Exclude<TokenChoice, 'none'> } & (
    | {
        readonly kind: 'heartbeat';
        readonly progress: true | undefined;
        readonly checkpoint: true | undefined;
      }
    | { readonly kind: 'release'; readonly delayed: boolean; readonly notes: NotesForm }
  );

type TaskIntent =
  | { readonly kind: 'next'; readonly project: string; readonly status: Status | undefined }
  | {
      readonly kind: 'list';
      readonly project: string;
      readonly status: Status | undefined;
      readonly limit: number | undefined;
      /** Whether to go on from the cursor that the client was given last, if it has one. */
      readonly follow: boolean;
    }
  | {
      readonly kind: 'get';
      readonly project: string;
      readonly task: string;
      /** Whether the answer is to tell what the task needs. */
      readonly needs: true | undefined;
    }
  | MoveIntent
  | (TaskKey & { readonly kind: 'delete'; readonly purge: boolean })
  | (TaskKey & { readonly kind: 'restore' })
  | (Write & { readonly kind: 'add'; readonly tasks: readonly NewModelTask[] });

export interface EditIntent extends Write, TaskKey {
  readonly kind: 'edit';
  readonly expected: number | undefined;
  readonly priority: number | undefined;
  readonly maxAttempts: number | undefined;
  /** Whether it sets a label that tells the edit. */
  readonly labels: true | undefined;
}

/** One change of many tasks. */
export interface BulkIntent extends Write {
  readonly kind: 'bulk';
  readonly project: string;
  readonly change: BulkChange;
  readonly target: BulkTarget;
  readonly limit: number | undefined;
  readonly expect: number | undefined;
  readonly dry: boolean;
}

/** What it does to each. */
export type BulkChange =
  | {
      readonly action: 'move';
      readonly to: Status;
      readonly reset: boolean;
      readonly force: boolean;
      readonly notes: NotesForm;
    }
  | { readonly action: 'reset'; readonly force: boolean }
  | { readonly action: 'cancel'; readonly force: boolean; readonly notes: NotesForm }
  | {
      readonly action: 'edit';
      readonly priority: number | undefined;
      readonly maxAttempts: number | undefined;
      /** Whether a label that tells the change takes the place of others, or comes to them. */
      readonly labels: 'set' | 'added' | undefined;
    }
  | { readonly action: 'release'; readonly delayed: boolean }
  | { readonly action: 'delete' };

/** Which tasks it means: by their local ids, or all of the project that pass. */
export type BulkTarget =
  | { readonly ids: readonly string[] }
  | {
      readonly ids?: undefined;
      readonly status: Status | undefined;
      readonly holder: string | undefined;
      /** Of this priority of its own, or a more urgent one. */
      readonly priority: number | undefined;
    };

/** A project is taken out and into COPY, and its lines once more. */
export interface TransferIntent {
  readonly kind: 'transfer';
  readonly project: string;
}

/** The project that takes another in. */
export const COPY = 'c';

/** What whoever keeps a list does. */
type ListIntent =
  | EditIntent
  | (Write & TaskKey & { readonly kind: 'note' })
  | (TaskKey & { readonly kind: 'notes' })
  | (Write & { readonly kind: 'reserve'; readonly project: string; readonly count: number });

/** What changes the graph of a project, or its settings. */
type GraphIntent =
  | (Write & TaskKey & NeedTerms & { readonly kind: 'need' })
  | (TaskKey & { readonly kind: 'unneed'; readonly need: string })
  | { readonly kind: 'artifact'; readonly project: string; readonly name: string }
  | SettingsIntent;

export interface SettingsIntent {
  readonly kind: 'settings';
  readonly project: string;
  readonly readiness: 'declared' | 'inputs' | undefined;
  /** For a day, or until somebody ends it. */
  readonly pause: 'none' | 'day' | 'open' | undefined;
}

/** What a task needs of another, by its local id. */
export interface NeedTerms {
  readonly need: string;
  readonly when: 'completed' | 'ended' | 'failed';
  readonly group: string | undefined;
  readonly onFailure: 'block' | 'cancel' | 'ignore';
}

export interface MoveIntent extends Write {
  readonly kind: 'move';
  readonly task: string;
  readonly project: string | undefined;
  readonly to: Status;
  readonly reset: boolean | undefined;
  readonly notes: NotesForm;
  readonly token: TokenChoice;
  readonly force: boolean | undefined;
  /** Whether a completion tells what came out, and names what it made. */
  readonly result: true | undefined;
  readonly artifacts: true | undefined;
}

/** The id of a new task to which the service is to give one. */
export const UNNAMED = '+';

export interface NewModelTask extends TaskKey {
  readonly status: Status | undefined;
  readonly priority: number | undefined;
  readonly maxAttempts: number | undefined;
  readonly early: boolean | undefined;
  readonly needs: readonly NeedTerms[] | undefined;
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
}

/** An intent as it was sent. */
export interface Operation {
  readonly intent: Intent;
  /** Unique in its run; descriptions and notes carry it, so that each effect names its cause. */
  readonly number: number;
  /** The task behind which a page begins. */
  readonly after?: CreatedTask;
  /** Whether that place is one of another list. */
  readonly isOfAnotherList?: boolean;
  /** The generation of the token that was shown: it tells tokens apart. */
  readonly token?: number;
}

const WRITES: ReadonlySet<string> = new Set([
  ...['move', 'add', 'claim', 'heartbeat', 'release', 'delete'],
  ...['need', 'unneed', 'artifact', 'settings'],
  ...['edit', 'note', 'restore', 'reserve', 'bulk', 'transfer'],
]);

/** Whether an operation may change anything. */
export function isWrite({ kind }: Intent): boolean {
  return WRITES.has(kind);
}

/** The part of an answer that the model predicts, with local ids. */
export type View = Readonly<Record<string, unknown>>;

/** The notes that a move sends; undefined where it sends none. */
export function notesSent(form: NotesForm, number: number): string | null | undefined {
  return { absent: undefined, null: null, empty: '', text: `note ${number}` }[form];
}
