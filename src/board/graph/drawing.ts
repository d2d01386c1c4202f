import type { GraphAnswer } from '../../../client/index.ts';
import type { Layout, Size } from './layout.ts';
import type { LayoutQuestion } from './worker.ts';

/** Of 500 tasks the layout takes more than a second, which a page must not stand still for. */
const SCRIPT = '/board-layout.js';

let worker: Worker | undefined;
/** One question at a time: answers have no number. */
let work: Promise<unknown> = Promise.resolve();
let known: { readonly key: string; readonly layout: Promise<Layout> } | undefined;

/** Where the tasks and needs of a graph are drawn; laid out anew only if there are others, whatever became of them. */
export function layoutOf({ tasks, needs }: GraphAnswer, size: Size): Promise<Layout> {
  const ids = tasks.map(({ task_id }) => task_id);
  const edges = needs.map(({ parent, task_id }): readonly [string, string] => [parent, task_id]);
  const key = JSON.stringify([ids, edges]);
  if (known?.key === key) return known.layout;
  const layout = work.then(() => askWorker([ids, edges, size]));
  work = layout.catch(() => {
    // It is asked again with the next answer of the service.
    known = undefined;
  });
  known = { key, layout };
  return layout;
}

function askWorker(question: LayoutQuestion): Promise<Layout> {
  worker ??= new Worker(SCRIPT, { type: 'module' });
  const asked = worker;
  return new Promise((resolve, reject) => {
    asked.onmessage = ({ data }: MessageEvent<Layout>) => resolve(data);
    asked.onerror = () => {
      asked.terminate();
      worker = undefined;
      reject(new Error('The graph could not be laid out'));
    };
    asked.postMessage(question);
  });
}
