import type { DatabaseUnderTest } from './database.ts';

/** The plan of a query: for its values, or without any for whatever they may be. */
export async function explain(
  database: DatabaseUnderTest,
  query: string,
  values?: unknown[],
): Promise<string> {
  const options = values === undefined ? '(generic_plan) ' : '';
  const lines = await database.query<{ 'QUERY PLAN': string }>(`explain ${options}${query}`, values);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}

/** What the planner expects the whole of a plan to cost. */
export function costOf(plan: string): number {
  const [, cost] = /cost=[\d.]+\.\.([\d.]+)/.exec(plan) ?? [];
  return Number(cost);
}
