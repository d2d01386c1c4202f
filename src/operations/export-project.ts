import { EXAMPLE_EXPORT } from '../contract/examples.ts';
import {
  type ChangePosition,
  type ExportPosition,
  encodeExportCursor,
  type WalkPosition,
} from '../contract/export-cursor.ts';
import { exportProjectInput, exportProjectOutput } from '../contract/export-project.ts';
import { encodeLogCursor } from '../contract/log-cursor.ts';
import { refusal } from '../domain/errors/index.ts';
import { EXPORT_WALKS } from '../domain/transfer.ts';
import { defineOperation, type Work } from './define-operation.ts';
import { EXPORT_CHANGES, EXPORT_START } from './export-changes.ts';
import { WALKS } from './export-walks.ts';

type Lines = Readonly<Record<string, unknown>>[];

/** What a page tells, and where the next one starts; undefined after the last. */
interface Page {
  readonly lines: Lines;
  readonly next: ExportPosition | undefined;
}

const [FIRST_WALK] = EXPORT_WALKS;

async function begin({ run }: Work, project: string): Promise<Page> {
  const [found] = await run(EXPORT_START, { project });
  // The statement has a row for every caller that may see the project, which was checked.
  if (found?.line === undefined) throw new TypeError('The log has no state');
  const { state, line } = found;
  const { epoch, openFrom: since, head } = state;
  const next = { project, epoch, since, walk: FIRST_WALK, name: '', number: 0, at: state.now };
  return { lines: [{ ...line, events_after: encodeLogCursor({ epoch, ...head }) }], next };
}

async function walk({ run }: Work, project: string, at: WalkPosition): Promise<Page> {
  const { name, number } = at;
  const found = await run(WALKS[at.walk], { project, name, number });
  const lines = found.flatMap(({ line }) => (line === undefined ? [] : [line]));
  const last = found.at(-1);
  if (last?.isFollowed) return { lines, next: { ...at, name: last.name, number: last.number } };
  const { epoch, since } = at;
  const following = EXPORT_WALKS[EXPORT_WALKS.indexOf(at.walk) + 1];
  if (following === undefined)
    return { lines, next: { project, epoch, since, told: null, next: null, at: at.at } };
  return { lines, next: { ...at, walk: following, name: '', number: 0 } };
}

/**
 * Tells what has changed since the round before began. A round of one page is the last one: that page has seen, in one
 * snapshot, all that was not seen before.
 */
async function tellChanges({ run }: Work, project: string, at: ChangePosition): Promise<Page> {
  const found = await run(EXPORT_CHANGES, {
    project,
    epoch: at.epoch,
    since: at.since,
    told_xid: at.told?.xid ?? '0',
    told_seq: at.told?.seq ?? 0,
    artifacts_at: at.at,
  });
  const [first] = found;
  // As for the start.
  if (first === undefined) throw new TypeError('The log has no state');
  const { state, isExpired, hasMore, lacksArtifacts, told } = first;
  const cursorOf = (place: typeof state.head) => encodeLogCursor({ epoch: state.epoch, ...place });
  if (isExpired)
    throw refusal('cursor_expired', { floor: cursorOf(state.floor), head: cursorOf(state.head) });
  const lines = found.flatMap(({ line }) => (line === undefined ? [] : [line]));
  const next = at.next ?? state.openFrom;
  const { epoch } = at;
  if (lacksArtifacts && !hasMore)
    return {
      lines,
      next: { project, epoch, since: next, walk: 'artifacts', name: '', number: 0, at: state.now },
    };
  if (hasMore) return { lines, next: { ...at, told: told ?? at.told, next } };
  if (at.told !== null)
    return { lines, next: { project, epoch, since: next, told: null, next: null, at: at.at } };
  return { lines: [...lines, { kind: 'end', at: state.now }], next: undefined };
}

/** A cursor into a walk, or to what has changed since. */
function exampleOf(name: (typeof EXPORT_WALKS)[number] | undefined): string {
  const { project, epoch, since, at } = EXAMPLE_EXPORT;
  return encodeExportCursor(
    name === undefined
      ? { project, epoch, since, told: null, next: null, at }
      : { project, epoch, since, walk: name, name: '', number: 0, at },
  );
}

/** One page of an export. Rejects with `cursor_expired`. */
export const exportProject = defineOperation({
  name: 'export_project',
  scope: 'read',
  summary: 'Take out a project, as lines of JSON',
  description:
    'Tells the settings, ids, history, tasks with their needs, notes, attempts and provided artifacts of a project, one JSON object a line, and then what has changed meanwhile. Of lines about the same thing, the last one counts; then the export as a whole is the project as it was at the moment of its last line, end. An answer that ends with a line cursor is not the whole: ask again with that cursor. One that ends with neither was cut off: ask again with the last cursor that it has. Claims and deleted tasks are left out.',
  answer: 'Lines of JSON, the last of which is cursor or end',
  errors: ['cursor_expired'],
  input: exportProjectInput,
  output: exportProjectOutput,
  projects: ({ project }) => [project],
  statements: [EXPORT_START, ...Object.values(WALKS), EXPORT_CHANGES],
  examples: [
    { project: EXAMPLE_EXPORT.project },
    ...EXPORT_WALKS.map((name) => ({ project: EXAMPLE_EXPORT.project, cursor: exampleOf(name) })),
    { project: EXAMPLE_EXPORT.project, cursor: exampleOf(undefined) },
  ],
  async run(work, { project, cursor: at }) {
    const { lines, next } = await (at === undefined
      ? begin(work, project)
      : 'walk' in at
        ? walk(work, project, at)
        : tellChanges(work, project, at));
    if (next === undefined) return { lines, next_cursor: null };
    const next_cursor = encodeExportCursor(next);
    return { lines: [...lines, { kind: 'cursor', cursor: next_cursor }], next_cursor };
  },
});
