import { z } from 'zod';
import { parseLines, reasonsOf } from './json-text.ts';
import type { ListedNeed, ListedTask, TaskList } from './listed-task.ts';
import { statusOf } from './states.ts';

const issue = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().optional(),
  design: z.string().optional(),
  acceptance_criteria: z.string().optional(),
  notes: z.string().optional(),
  status: z.string().default('open'),
  priority: z.int().min(0).max(4).default(2),
  issue_type: z.string().optional(),
  assignee: z.string().optional(),
  labels: z.array(z.string()).nullish(),
  closed_at: z.string().nullish(),
  close_reason: z.string().optional(),
  defer_until: z.iso.datetime({ offset: true }).nullish(),
  dependencies: z
    .array(z.object({ issue_id: z.string(), depends_on_id: z.string(), type: z.string() }))
    .nullish(),
});

type Issue = z.output<typeof issue>;

/** What becomes of each type of dependency: who needs whom; of the others, a note. */
const NEEDS: Readonly<Record<string, (from: string, to: string) => { of: string; need: ListedNeed }>> = {
  blocks: (from, to) => ({ of: from, need: { id: to } }),
  'conditional-blocks': (from, to) => ({ of: from, need: { id: to, when: 'failed' } }),
  'parent-child': (child, parent) => ({ of: parent, need: { id: child } }),
};

/** Reads the export of beads, an issue a line. Issues that were deleted are left out. */
export function readBeads(text: string): TaskList {
  const leftOut: string[] = [];
  const issues: Issue[] = [];
  for (const { number, value } of parseLines(text)) {
    const parsed = issue.safeParse(value);
    if (!parsed.success) leftOut.push(`Line ${number} is no issue: ${reasonsOf(parsed.error)}`);
    else if (parsed.data.status === 'tombstone') leftOut.push(`${parsed.data.id} was deleted there`);
    else issues.push(parsed.data);
  }
  const needs = new Map<string, ListedNeed[]>();
  for (const { dependencies } of issues) {
    for (const { issue_id, depends_on_id, type } of dependencies ?? []) {
      const edge = NEEDS[type]?.(issue_id, depends_on_id);
      if (edge !== undefined) needs.set(edge.of, [...(needs.get(edge.of) ?? []), edge.need]);
    }
  }
  return { leftOut, tasks: issues.map((each) => take(each, needs.get(each.id) ?? [])) };
}

function take(issue: Issue, needs: readonly ListedNeed[]): ListedTask {
  const { title, description, status: written, defer_until } = issue;
  const isDeferred = written === 'deferred' && typeof defer_until === 'string';
  const status = isDeferred ? { status: 'pending' as const } : statusOf(written);
  const labelled = (label: string, value: string | null | undefined) => (value ? [`${label}: ${value}`] : []);
  return {
    id: issue.id,
    description: description ? `${title}\n\n${description}` : title,
    status: status?.status ?? 'pending',
    needs,
    priority: issue.priority,
    not_before: isDeferred ? new Date(defer_until).toISOString() : undefined,
    notes: [
      ...labelled('Type', issue.issue_type),
      ...labelled('Labels', issue.labels?.join(', ')),
      ...labelled('Assignee', issue.assignee),
      ...labelled('Design', issue.design),
      ...labelled('Acceptance criteria', issue.acceptance_criteria),
      ...labelled('Notes', issue.notes),
      ...labelled('Closed', issue.close_reason ?? issue.closed_at),
      ...(issue.dependencies ?? [])
        .filter(({ type }) => !Object.hasOwn(NEEDS, type))
        .map(({ type, depends_on_id }) => `${type}: ${depends_on_id}`),
    ],
    remarks: [
      ...(status === undefined ? [`Its status ${written} is not known; added as pending`] : []),
      ...(status !== undefined && 'remark' in status && status.remark !== undefined ? [status.remark] : []),
    ],
  };
}
