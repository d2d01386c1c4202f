import type { NewTask } from '../../client/index.ts';
import { LIMITS } from '../../src/domain/task.ts';
import type { ListedTask } from './listed-task.ts';

export interface Filed {
  /** Undefined where the service chooses it. */
  readonly id: string | undefined;
  readonly project: string;
  readonly needs: NonNullable<NewTask['needs']>;
  readonly notes: readonly string[];
  /** Takes what has to be said of what was cut. */
  readonly remark: (text: string) => void;
}

function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** Without what the service refuses: NUL and lone surrogates. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');

/** The description as it is sent, within the limit of one. */
export const descriptionOf = ({ description }: ListedTask): string =>
  cut(storable(description), LIMITS.descriptionCharacters);

/** Makes a task of a batch out of a listed one, within the limits of its fields. */
export function toNewTask(task: ListedTask, { id, project, needs, notes, remark }: Filed): NewTask {
  const within = (text: string, most: number, what: string) => {
    const whole = storable(text);
    if (whole !== text) remark(`Its ${what} changed: characters that cannot be stored were replaced`);
    const short = cut(whole, most);
    if (short !== whole) remark(`Its ${what} cut to ${most} characters`);
    return short;
  };
  const names = (given: readonly string[] = []) => {
    const short = given
      .map(storable)
      .filter((name) => [...name].length <= LIMITS.artifactCharacters)
      .slice(0, LIMITS.artifactsPerList);
    if (short.length < given.length)
      remark('Names of its artifacts that are too long or too many were left out');
    return short;
  };
  const { generator_name, labels, metadata, priority, not_before } = task;
  return {
    ...(id === undefined ? {} : { task_id: id }),
    project_id: project,
    description: within(task.description, LIMITS.descriptionCharacters, 'description was'),
    status: task.status,
    ...(priority === undefined ? {} : { priority }),
    ...(generator_name
      ? { generator_name: within(generator_name, LIMITS.generatorNameCharacters, 'generator was') }
      : {}),
    ...(not_before === undefined ? {} : { not_before }),
    inputs: names(task.inputs),
    expected_outputs: names(task.expected_outputs),
    ...(labels === undefined ? {} : { labels: labels.map(storable) }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(notes.length === 0
      ? {}
      : { context_notes: within(notes.join('\n'), LIMITS.notesCharacters, 'notes were') }),
    needs,
    ...task.limits,
  };
}
