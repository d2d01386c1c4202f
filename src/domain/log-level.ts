/** `info` logs every request, `warn` refusals and failures, `error` only our failures. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];
