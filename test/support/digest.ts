/** SQL for a digest of a table's rows in that order, by which every change of them shows. */
export function digestOf(table: string, order: string): string {
  return `md5(coalesce((select string_agg(${table}::text, '|' order by ${order}) from ${table}), ''))`;
}
