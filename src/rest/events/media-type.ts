import type { AppContext } from '../../http/context.ts';

export const EVENT_STREAM = 'text/event-stream';

/** Whether a client asks for Server-Sent Events by name; what takes anything gets JSON. */
export function wantsStream(c: AppContext): boolean {
  const types = c.req.header('accept')?.split(',') ?? [];
  return types.some((type) => type.split(';')[0]?.trim().toLowerCase() === EVENT_STREAM);
}

/** A stream that is taken up again goes on where it broke off, whatever its address says (WHATWG HTML, 9.2.4). */
export function lastEventId(c: AppContext): Readonly<Record<string, string>> {
  const id = wantsStream(c) ? c.req.header('last-event-id') : undefined;
  return id === undefined || id === '' ? {} : { after: id };
}
