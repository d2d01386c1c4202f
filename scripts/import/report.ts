import type { TaskList } from './listed-task.ts';
import type { Prepared, There } from './prepare.ts';

/** What was taken how: a line for each thing that is not as the list has it, and the counts last. */
export function reportOf({ remarks: ofList = [] }: TaskList, prepared: Prepared): string[] {
  const { tasks, there, remarks, leftOut, renumbered } = prepared;
  const status = tasks.map(({ task }) => task.status ?? 'pending');
  const statuses = [...new Set(status)].map(
    (one) => `${status.filter((each) => each === one).length} ${one}`,
  );
  const needs = tasks.reduce((sum, { task }) => sum + (task.needs?.length ?? 0), 0);
  const unnamed = tasks.filter(({ listed }) => listed.hasNoId).length;
  const added = [`${tasks.length} new`, ...(statuses.length === 0 ? [] : [`(${statuses.join(', ')})`])].join(
    ' ',
  );
  return [
    ...remarks.map(({ of, text }) => `${of}  ${text}`),
    ...thereLines(there),
    ...ofList,
    ...(unnamed === 0
      ? []
      : [
          `Tasks without an id: ${unnamed}. The service numbers them, and an import that is repeated adds them again`,
        ]),
    ...leftOut.map((text) => `Left out: ${text}`),
    `${added}, ${needs} needs, ${renumbered} renumbered; ${there.length} there already, ${leftOut.length} left out`,
  ];
}

/** How many ids one line names. */
const MOST_IDS = 20;

/** A line for each that is not quite as the list has it, and one for all the others. */
function thereLines(there: Prepared['there']): string[] {
  const isSame = ({ listed, task_id, lacks }: There) => listed === task_id && lacks.length === 0;
  const same = there.filter(isSame).map(({ listed }) => listed);
  const more = same.length > MOST_IDS ? ` and ${same.length - MOST_IDS} more` : '';
  return [
    ...(same.length === 0 ? [] : [`There already: ${same.slice(0, MOST_IDS).join(', ')}${more}`]),
    ...there
      .filter((each) => !isSame(each))
      .map(({ listed, task_id, lacks }) => {
        const as = listed === task_id ? '' : `, as ${task_id}`;
        const without =
          lacks.length === 0 ? '' : `, and does not get the needs ${lacks.join(', ')}, which are new`;
        return `${listed}  was there already${as}${without}`;
      }),
  ];
}
