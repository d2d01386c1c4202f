import type { z } from 'zod';
import type { listTasksOutput, partialTask } from '../../contract/list-tasks.ts';
import type { Shown } from '../tool.ts';
import { bytesOf, MAX_BYTES, startOf } from './cut.ts';

const DESCRIPTION_CHARACTERS = 80;

const COLUMNS = ['task_id', 'status', 'priority', 'description'] as const;

const rowOf = (
  { task_id, status, priority, description = '' }: z.output<typeof partialTask>,
  characters: number,
) => [task_id, status, priority, startOf(description, characters)];

/** A page as rows, since keys would cost more than values; descriptions give way where the page is too large. */
export function presentList({ tasks, next_cursor }: z.output<typeof listTasksOutput>): Shown {
  for (let characters = DESCRIPTION_CHARACTERS; ; characters = Math.floor(characters / 2)) {
    const shown = {
      columns: COLUMNS,
      rows: tasks.map((task) => rowOf(task, characters)),
      ...(next_cursor === null ? {} : { next_cursor }),
    };
    if (characters === 0 || bytesOf(shown) <= MAX_BYTES) return shown;
  }
}
