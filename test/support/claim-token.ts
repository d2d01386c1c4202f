/** A token of that generation whose random part a test knows. */
export const tokenOf = (generation: number | bigint): string => `${generation}.${'A'.repeat(16)}`;

/** The generation of a token: it grows from claim to claim. */
export const generationOf = (token: string): number => Number.parseInt(token, 10);
