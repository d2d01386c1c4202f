/** How much is logged: `info` every request, `warn` those refused or failed, `error` only failures of ours. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
