export const VIEWS = ['tasks', 'graph', 'agents', 'charts'] as const;

export type View = (typeof VIEWS)[number];
