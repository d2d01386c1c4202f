import { getTableColumns } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { event } from '../../src/contract/event.ts';
import { taskEvents } from '../../src/db/schema/index.ts';
import { EVENT_TYPES } from '../../src/domain/events.ts';
import { toEvent } from '../../src/operations/shown-event.ts';

const COLUMNS = getTableColumns(taskEvents);

describe('the columns of an event', () => {
  it('every field that clients see is a column', () => {
    expect(Object.keys(COLUMNS)).toEqual(expect.arrayContaining(Object.keys(event.shape)));
  });

  it('clients do not see the transaction and the request', () => {
    for (const internal of ['xid', 'request']) expect(Object.keys(event.shape)).not.toContain(internal);
  });

  it('at is the only moment', () => {
    const moments = Object.entries(COLUMNS).filter(([, column]) =>
      column.getSQLType().startsWith('timestamp'),
    );
    expect(moments.map(([name]) => name)).toEqual(['at']);
  });

  it('clients see every type but that of what the service keeps for itself', () => {
    expect(event.shape.type.options).toEqual(EVENT_TYPES);
    expect(COLUMNS.type.enumValues).toEqual([...EVENT_TYPES, 'sealed']);
  });

  it('seq, a bigint, becomes a number, and nothing else is taken out of a row', () => {
    const row = { seq: '12', project_id: 'p', xid: '7' };
    expect(toEvent(row)).toMatchObject({ seq: 12, project_id: 'p' });
    expect(toEvent(row)).not.toHaveProperty('xid');
  });
});
