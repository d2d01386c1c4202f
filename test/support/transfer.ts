import { ENDS, type NeedCondition, needState, type OnFailure } from '../../src/domain/graph.ts';
import type { Status } from '../../src/domain/task.ts';
import { TRANSFER_LIMITS } from '../../src/domain/transfer.ts';
import type { Answer, Api } from './api.ts';

export type Line = Readonly<Record<string, unknown>> & { readonly kind: string };

function linesIn(text: string): Line[] {
  // Every line of an export is an object with its kind.
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
}

const pathOf = (project: string, cursor: unknown) =>
  `/export?project=${project}${cursor === undefined ? '' : `&cursor=${String(cursor)}`}`;

/** One answer of an export, line by line. */
export async function exportAnswer(api: Api, project: string, cursor?: unknown): Promise<Line[]> {
  const response = await api.send(pathOf(project, cursor));
  // workerd warns of text whose media type does not begin so.
  const text = new TextDecoder().decode(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(text);
  return linesIn(text);
}

/** All lines of an export; `between` happens between its answers. */
export async function exportOf(
  api: Api,
  project: string,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<Line[]> {
  const all: Line[] = [];
  for (let cursor: unknown; ; ) {
    const lines = await exportAnswer(api, project, cursor);
    all.push(...lines);
    const last = lines.at(-1);
    if (last?.kind === 'end') return all;
    cursor = last?.['cursor'];
    await between();
  }
}

/** Sends one request of an import. */
export function importLines(
  api: Api,
  project_id: string,
  lines: readonly unknown[],
  more: object = {},
): Promise<Answer & { readonly body: ImportBody }> {
  // The body has what the operation answers, or an error.
  return api.post('/import', { project_id, lines, ...more }) as Promise<Answer & { body: ImportBody }>;
}

export interface ImportBody {
  readonly counts: Readonly<Record<'added' | 'replaced' | 'removed' | 'unchanged' | 'skipped', number>>;
  readonly results: { readonly line: number; readonly result: string; readonly reason: string | null }[];
}

/** Imports all lines, so many a request; fails where one is refused. */
export async function importAll(
  api: Api,
  project: string,
  lines: readonly Line[],
  most: number = TRANSFER_LIMITS.linesPerImport,
): Promise<ImportBody['counts'][]> {
  const counts = [];
  for (let start = 0; start < lines.length; start += most) {
    const { status, body } = await importLines(api, project, lines.slice(start, start + most));
    if (status !== 200) throw new Error(JSON.stringify(body));
    counts.push(body.counts);
  }
  return counts;
}

const ARE_MARKS = ['cursor', 'end'];

function identityOf(line: Line): string {
  const { kind, task_id, version, at, type, name, prefix, ended_at, attempt, agent_id, outcome } = line;
  if (kind === 'event') return [kind, task_id, version, at, type].join('|');
  if (kind === 'note') return [kind, task_id, version].join('|');
  if (kind === 'attempt') return [kind, task_id, attempt, ended_at, agent_id, outcome].join('|');
  return [kind, task_id ?? name ?? prefix ?? ''].join('|');
}

interface Need {
  readonly task_id: string;
  readonly when: NeedCondition;
  readonly on_failure: OnFailure;
  readonly state: string | null;
}

/** A line after a task has gone, by whose last status its needs for that are judged for good. */
function withoutTask(line: Line, gone: Line): Line {
  // The lines are those of an export.
  const { task_id, status } = gone as unknown as { task_id: string; status: Status };
  const needs = line['needs'] as readonly Need[] | undefined;
  if (needs === undefined) return line;
  const end = ENDS.find((one) => one === status) ?? 'cancelled';
  const judged = needs.map((need) =>
    need.task_id === task_id && need.state === null
      ? { ...need, state: needState(need.when, need.on_failure, end, false) }
      : need,
  );
  return { ...line, needs: judged };
}

/** What an export comes to: of lines about the same thing the last one, in order of their identities. */
export function contentOf(lines: readonly Line[]): Line[] {
  const content = new Map<string, Line>();
  for (const line of lines) {
    if (ARE_MARKS.includes(line.kind)) continue;
    if (line.kind === 'gone') {
      for (const [identity, other] of content)
        if (other['task_id'] === line['task_id'] && other.kind !== 'event') content.delete(identity);
        else content.set(identity, withoutTask(other, line));
      continue;
    }
    const { project_id: _, events_after: __, ...rest } = line;
    content.set(identityOf(line), rest);
  }
  return [...content].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

/** The ids of the tasks in the order in which an export tells them first. */
export function orderOf(lines: readonly Line[]): unknown[] {
  return [...new Set(lines.filter(({ kind }) => kind === 'task').map((line) => line['task_id']))];
}

/** All lines of an export; `between` happens after each of its pages. */
export async function exportWhile(
  api: Api,
  project: string,
  between: () => Promise<unknown>,
): Promise<Line[]> {
  const all: Line[] = [];
  // A transaction of a test beside this one may put the end off to another answer.
  while (all.at(-1)?.kind !== 'end') {
    const { body } = await api.send(pathOf(project, all.at(-1)?.['cursor']));
    if (body === null) throw new Error('An export has a body');
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      await between();
    }
    all.push(...linesIn(text));
  }
  return all;
}
