import { describe, expect, it } from 'vitest';
import { checkSchemaWith } from '../support/schema-drift.ts';

describe('the check that schema and migrations are in step', () => {
  it('the check passes while nothing has changed', async () => {
    expect(await checkSchemaWith('generator_name', 'generator_name')).toMatchObject({ status: 0 });
  });

  it.each([
    ['a column is renamed', 'generator_name: text()', `generator_name: text('generator')`],
    ['a constraint is gone', 'description: text().notNull()', 'description: text()'],
    ['an index is of another kind', `uniqueIndex('tasks_in_order')`, `index('tasks_in_order')`],
    ['a bound has moved', 'number(LIMITS.notesCharacters)', 'number(5)'],
  ])('the check fails where %s', async (_, from, to) => {
    const { status, output } = await checkSchemaWith(from, to);
    expect(status).toBe(1);
    expect(output).toContain('The migrations are behind');
  });
});
