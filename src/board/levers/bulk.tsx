import { useSignal } from '@preact/signals';
import { Problem } from '../session/answered.tsx';
import { may } from '../session/session.ts';
import { COLUMNS } from '../tasks/columns.ts';
import { refreshAll } from '../tasks/lists.ts';
import { many, spoken } from '../text/words.ts';
import { CHANGES, changeAll, type Outcome } from './bulk-changes.ts';
import { undoOf } from './bulk-undo.ts';
import { tellChange } from './change.ts';
import { DialogButton } from './dialog.tsx';
import { SelectField } from './form.tsx';
import { useWork } from './use-work.ts';

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
      const undoing = await undoOf(column.value, change);
      const { changed, ids } = await changeAll(column.value, change, false);
      const undo = undoing(ids);
      const remark = undo === undefined && changed > 0 ? '. This cannot be undone' : '';
      tellChange(`${many(changed, 'task')} changed: ${change.label}${remark}`, undo);
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
