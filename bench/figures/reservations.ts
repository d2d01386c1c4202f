import { type Figure, ms } from '../support/figure.ts';
import { HttpClient } from '../support/http-client.ts';
import { inBursts, type RequestSource } from '../support/load.ts';
import { overEach } from '../support/ways.ts';

const AT_ONCE = 50;
const COUNT = 6;

const reserve: RequestSource = () => ({
  method: 'POST',
  path: '/ids/reserve',
  body: { type: 'US', count: COUNT, project_id: 'project-1' },
});

/** Fifty reserve six ids each at once, of one counter: each waits for the commits of those before it. */
export const reservations: Figure = (stack, { quick }) =>
  overEach(stack.pooled, async (way) => {
    await stack.database.query('truncate id_reservations');
    const worker = await stack.start(way);
    const client = new HttpClient(worker.port, AT_ONCE);
    const warmUp = 2;
    const rounds = quick ? 1 : 20;
    await inBursts(client, AT_ONCE, warmUp, reserve);
    const { p50, p95, errors } = await inBursts(client, AT_ONCE, rounds, reserve);
    client.close();
    await worker.stop();
    const { rows } = await stack.database.query<{ ids: number }>(
      `select count(distinct number)::int as ids
       from id_reservations
       cross join lateral generate_series(first_number, first_number + count - 1) as number`,
    );
    const ids = rows[0]?.ids ?? 0;
    return [
      {
        what: `${AT_ONCE} reservations of ${COUNT} ids at once, ${rounds} rounds`,
        measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, ${errors} errors, ${ids} distinct ids`,
        bar: 'p95 < 100 ms, 0 errors, no id twice',
        met: p95 < 100 && errors === 0 && ids === (warmUp + rounds) * AT_ONCE * COUNT,
      },
    ];
  });
