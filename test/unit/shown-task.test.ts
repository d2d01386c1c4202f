import { getTableColumns } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { newTaskFields, task } from '../../src/contract/task.ts';
import { tasks } from '../../src/db/schema/index.ts';
import { isMoment } from '../../src/operations/shown-task.ts';

const COLUMNS = Object.entries(getTableColumns(tasks)).map(([key, column]) => ({ key, column }));

describe('the columns of a task', () => {
  it.each(COLUMNS)('the column $key has the name that the schema uses', ({ key, column }) => {
    expect(column.name).toBe(key);
  });

  it.each(COLUMNS)('the column $key is read as a moment exactly when it holds one', ({ key, column }) => {
    expect(isMoment(key)).toBe(column.getSQLType().startsWith('timestamp'));
  });

  it('every field that clients see or send is a column', () => {
    const names = COLUMNS.map(({ key }) => key);
    // The effective priority is what is stored; a priority of its own is stored besides.
    const { effective_priority: _, ...stored } = task.shape;
    expect(names).toEqual(expect.arrayContaining(Object.keys(stored)));
    expect(names).toEqual(expect.arrayContaining(Object.keys(newTaskFields)));
  });
});
