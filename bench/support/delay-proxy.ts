import { connect, createServer, type Socket } from 'node:net';

/** Passes bytes on after a fixed time in each direction, as a distance does: what is on the way overlaps. */
export async function startDelayProxy(
  targetPort: number,
  oneWayMs: number,
): Promise<{ port: number; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const relay = (from: Socket, to: Socket) => {
    open.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), oneWayMs));
    from.on('error', () => undefined);
    from.on('close', () => {
      open.delete(from);
      setTimeout(() => to.end(), oneWayMs);
    });
  };
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    relay(client, target);
    relay(target, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop() {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
