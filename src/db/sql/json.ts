/** A value as the text that is bound for a jsonb; null stays SQL's null. */
export function asJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
