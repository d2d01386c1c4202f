import { connect, createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

// startDelayProxy passes this.
const { targetPort, oneWayMs } = workerData as { targetPort: number; oneWayMs: number };

/** A timer fires up to this many milliseconds late; the rest is waited for turn by turn. */
const TIMER_LATENESS_MS = 3;

/** In order of departure, which is that of arrival. */
const onTheWay: { readonly due: number; readonly arrive: () => void }[] = [];

function send(arrive: () => void): void {
  onTheWay.push({ due: performance.now() + oneWayMs, arrive });
  if (onTheWay.length === 1) wait();
}

/** Delivers what is due, exact to the turn of the event loop, and waits for the next. */
function wait(): void {
  for (let [first] = onTheWay; first !== undefined; [first] = onTheWay) {
    const left = first.due - performance.now();
    if (left > TIMER_LATENESS_MS) {
      setTimeout(wait, left - TIMER_LATENESS_MS);
      return;
    }
    if (left > 0) {
      setImmediate(wait);
      return;
    }
    onTheWay.shift();
    first.arrive();
  }
}

function relay(from: Socket, to: Socket): void {
  from.setNoDelay(true);
  from.on('data', (chunk) => send(() => to.writable && to.write(chunk)));
  from.on('error', () => undefined);
  from.on('close', () => send(() => to.end()));
}

const server = createServer((client) => {
  const target = connect(targetPort, '127.0.0.1');
  relay(client, target);
  relay(target, client);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' && address !== null ? address.port : 0);
});
