import { z } from 'zod';
import { DroppedFields } from './dropped-fields.ts';
import { fittingLabels, fittingMetadata } from './fitting-fields.ts';
import { numberRemarks, parseLines, reasonsOf } from './json-text.ts';
import type { ListedNeed, ListedTask, TaskList } from './listed-task.ts';
import { takeStatus } from './states.ts';

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
  external_ref: z.string().nullish(),
  labels: z.array(z.string()).nullish(),
  closed_at: z.string().nullish(),
  close_reason: z.string().optional(),
  defer_until: z.iso.datetime({ offset: true }).nullish(),
  metadata: z.unknown().optional(),
  comments: z
    .array(z.object({ author: z.string().optional(), text: z.string(), created_at: z.string().optional() }))
    .nullish(),
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
  const issues: { readonly issue: Issue; readonly numbers: readonly string[] }[] = [];
  const dropped = new DroppedFields();
  for (const { number, value, numbers } of parseLines(text)) {
    const parsed = issue.safeParse(value);
    if (!parsed.success) leftOut.push(`Line ${number} is no issue: ${reasonsOf(parsed.error)}`);
    else if (parsed.data.status === 'tombstone') leftOut.push(`${parsed.data.id} was deleted there`);
    else {
      issues.push({ issue: parsed.data, numbers });
      dropped.compare(value, parsed.data);
    }
  }
  const needs = new Map<string, ListedNeed[]>();
  for (const { issue_id, depends_on_id, type } of issues.flatMap(
    ({ issue: { dependencies } }) => dependencies ?? [],
  )) {
    const edge = NEEDS[type]?.(issue_id, depends_on_id);
    if (edge !== undefined) needs.set(edge.of, [...(needs.get(edge.of) ?? []), edge.need]);
  }
  const tasks = issues.map((each) => take(each.issue, needs.get(each.issue.id) ?? [], each.numbers));
  return { leftOut, tasks, remarks: dropped.remarks() };
}

function take(issue: Issue, needs: readonly ListedNeed[], numbers: readonly string[]): ListedTask {
  const { title, description, status: written, defer_until: until } = issue;
  const isDeferred = written === 'deferred' && typeof until === 'string';
  const state = takeStatus(isDeferred ? 'pending' : written);
  const isLater = state.status === 'pending' && typeof until === 'string';
  const labels = fittingLabels(issue.labels ?? []);
  const metadata = fittingMetadata(issue.metadata);
  return {
    id: issue.id,
    description: [title || issue.id, ...(description ? [description] : [])].join('\n\n'),
    status: state.status,
    needs,
    priority: issue.priority,
    labels: labels.fitting,
    metadata: metadata.fitting,
    not_before: isLater ? new Date(until).toISOString() : undefined,
    notes: [
      ...state.notes,
      ...(isLater ? [] : labelled('Deferred until', until)),
      ...labelled('Labels', labels.others.join(', ')),
      ...notesOf(issue),
    ],
    remarks: [...state.remarks, ...metadata.remarks, ...numberRemarks(numbers, issue)],
  };
}

const labelled = (label: string, value: string | null | undefined) => (value ? [`${label}: ${value}`] : []);

function notesOf(issue: Issue): string[] {
  return [
    ...labelled('Type', issue.issue_type),
    ...labelled('Assignee', issue.assignee),
    ...labelled('External reference', issue.external_ref),
    ...labelled('Design', issue.design),
    ...labelled('Acceptance criteria', issue.acceptance_criteria),
    ...labelled('Notes', issue.notes),
    ...labelled('Closed', [issue.closed_at, issue.close_reason].filter(Boolean).join(', ')),
    ...(issue.dependencies ?? [])
      .filter(({ type }) => !Object.hasOwn(NEEDS, type))
      .map(({ type, depends_on_id }) => `${type}: ${depends_on_id}`),
    ...(issue.comments ?? []).map(({ author, text, created_at }) =>
      [['Comment', author && `by ${author}`, created_at].filter(Boolean).join(' '), text].join(': '),
    ),
  ];
}
