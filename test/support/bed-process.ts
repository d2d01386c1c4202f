import { openBed } from './open-bed.ts';

/** A process of its own serves the test bed, since transforming sources holds that of vitest up for seconds. */
const [databases] = process.argv.slice(2);
const bed = await openBed(databases === undefined ? undefined : Number(databases));

const stop = () => void bed.stop().then(() => process.exit(0));
process.once('message', stop);
// The parent is gone.
process.once('disconnect', stop);
// Ctrl-C reaches the group; the parent says when the tests have ended.
process.on('SIGINT', () => undefined);
process.send?.(bed.url);
