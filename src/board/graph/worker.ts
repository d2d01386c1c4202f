import { layOut } from './layout.ts';

/** What a page asks of the worker: the arguments of layOut. */
export type LayoutQuestion = Parameters<typeof layOut>;

// A dedicated worker speaks to the page that made it only.
addEventListener('message', ({ data }: MessageEvent<LayoutQuestion>) => {
  // With the types of a page, which this script is checked by, it takes options as well.
  postMessage(layOut(...data), {});
});
