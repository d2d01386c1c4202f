import { describe, expect, it } from 'vitest';
import { checkSchemaWith } from '../support/schema-drift.ts';

describe('the check that schema and migrations are in step', () => {
  it('fails where a column of the schema is in no migration', async () => {
    const { status, output } = await checkSchemaWith(`text('generator_name')`, `text('generator')`);
    expect(status).toBe(1);
    expect(output).toContain('The migrations are behind');
  });
});
