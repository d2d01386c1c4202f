import { useSignal } from '@preact/signals';
import type { ChangeAnswer, ChangeTasksInput } from '../../../client/index.ts';
import { tell } from '../notices/notices.ts';
import { place } from '../place/place.ts';
import { Problem } from '../session/answered.tsx';
import { may, session } from '../session/session.ts';
import { COLUMNS, filterOf } from '../tasks/columns.ts';
import { refreshAll } from '../tasks/lists.ts';
import { PRIORITIES } from '../tasks/priorities.ts';
import { many, spoken } from '../text/words.ts';
import { DialogButton } from './dialog.tsx';
import { SelectField } from './form.tsx';
import { useWork } from './use-work.ts';

type Change = Pick<ChangeTasksInput, 'action' | 'changes' | 'force'>;

/** What can be done with all that match; each needs the scope that its single verb needs. */
const CHANGES: readonly {
  readonly id: string;
  readonly label: string;
  readonly isAdmins: boolean;
  readonly change: Change;
}[] = [
  { id: 'reset', label: 'Reset to pending (retry)', isAdmins: false, change: { action: 'reset' } },
  { id: 'cancel', label: 'Cancel', isAdmins: false, change: { action: 'cancel' } },
  ...PRIORITIES.map((name, priority) => ({
    id: `priority-${priority}`,
    label: `Priority ${name}`,
    isAdmins: false,
    change: { action: 'edit' as const, changes: { priority } },
  })),
  { id: 'release', label: 'End the claims', isAdmins: true, change: { action: 'release' } },
  { id: 'delete', label: 'Delete', isAdmins: true, change: { action: 'delete' } },
];

/** More requests than that are not sent by one click. */
const MOST_REQUESTS = 40;

interface Outcome {
  matched: number;
  changed: number;
  readonly skipped: Map<string, number>;
  isCut: boolean;
}

/** Changes all that match, or tells what it would, request by request. */
async function changeAll(column: string, { change }: (typeof CHANGES)[number], dry_run: boolean) {
  const query = COLUMNS.find(({ id }) => id === column)?.query ?? {};
  const filter = { ...query, ...filterOf(place.value) };
  const outcome: Outcome = { matched: 0, changed: 0, skipped: new Map(), isCut: false };
  let cursor: string | null = null;
  for (let requests = 0; requests < MOST_REQUESTS; requests += 1) {
    const part: ChangeAnswer | undefined = await session.value?.client.changeTasks({
      project_id: place.value.project,
      ...change,
      filter,
      dry_run,
      ...(cursor === null ? {} : { cursor }),
    });
    if (part === undefined) break;
    outcome.matched += part.matched;
    outcome.changed += part.changed;
    for (const { reason } of part.skipped)
      outcome.skipped.set(reason, (outcome.skipped.get(reason) ?? 0) + 1);
    cursor = part.cursor;
    if (cursor === null) return outcome;
  }
  outcome.isCut = true;
  return outcome;
}

/** Changes every task of a column that the filters leave, after a look at what that would come to. */
export function Bulk() {
  if (!may('write')) return null;
  return (
    <DialogButton label="Change many" title="Change all tasks that match">
      {(close) => <BulkForm close={close} />}
    </DialogButton>
  );
}

function BulkForm({ close }: { close: () => void }) {
  const column = useSignal('failed');
  const chosen = useSignal('reset');
  const preview = useSignal<Outcome | null>(null);
  const { problem, isBusy, busy } = useWork();
  const offered = CHANGES.filter(({ isAdmins }) => !isAdmins || may('admin'));
  const change = offered.find(({ id }) => id === chosen.value);
  const look = () =>
    busy(async () => {
      if (change !== undefined) preview.value = await changeAll(column.value, change, true);
    });
  const apply = () =>
    busy(async () => {
      if (change === undefined) return;
      const { changed } = await changeAll(column.value, change, false);
      tell(`${many(changed, 'task')} changed: ${change.label}`);
      await refreshAll();
      close();
    });
  const choose = (signal: typeof column, value: string) => {
    signal.value = value;
    preview.value = null;
  };
  return (
    <div class="form">
      <p>All tasks of a column that the filters of the page leave.</p>
      <SelectField
        label="Tasks that are"
        value={column.value}
        options={COLUMNS.map(({ id, title }) => [id, title])}
        choose={(value) => choose(column, value)}
      />
      <SelectField
        label="What to do"
        value={chosen.value}
        options={offered.map(({ id, label }) => [id, label])}
        choose={(value) => choose(chosen, value)}
      />
      <Problem>{problem}</Problem>
      {preview.value !== null && <Preview {...preview.value} />}
      <div class="buttons">
        <button type="button" disabled={isBusy.value} onClick={() => void look()}>
          Preview
        </button>
        {preview.value !== null && preview.value.changed > 0 && (
          <button type="button" class="primary" disabled={isBusy.value} onClick={() => void apply()}>
            Change {many(preview.value.changed, 'task')}
          </button>
        )}
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </div>
  );
}

function Preview({ matched, changed, skipped, isCut }: Outcome) {
  return (
    <div role="status">
      <p>
        {many(matched, 'task')} {matched === 1 ? 'matches' : 'match'}, {changed.toLocaleString()} would
        change.
        {isCut && ' There are more than one click changes; do it again for the rest.'}
      </p>
      {[...skipped].map(([reason, count]) => (
        <p key={reason}>
          {many(count, 'task')} left as {count === 1 ? 'it is' : 'they are'}: {spoken(reason)}
        </p>
      ))}
    </div>
  );
}
