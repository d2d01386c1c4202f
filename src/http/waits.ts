import type { WaitPorts, Waits } from '../operations/ports.ts';
import { waitPlaces } from '../operations/waiting.ts';
import type { AppContext } from './context.ts';

/** What the requests of an app wait with; a request with several calls says how many. */
export type OpenWaits = (c: AppContext, calls?: number) => Waits;

export interface WaitOptions extends WaitPorts {
  /** How many requests of one credential may wait at once. */
  readonly limit: number;
}

/** Counts the waits of each credential for as long as the app lives. */
export function requestWaits({ limit, ...ports }: WaitOptions): OpenWaits {
  const enter = waitPlaces(limit, ports.now);
  return (c, calls = 1) => {
    const { raw } = c.req;
    return { ...ports, enter, calls, signal: () => raw.signal };
  };
}
