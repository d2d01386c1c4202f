import { networkInterfaces } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { openTestDatabase } from '../support/database.ts';
import { npmStart } from '../support/npm-start.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));

describe('npm start on another address', () => {
  let databaseUrl: string;
  let port: number;

  beforeAll(async () => {
    databaseUrl = (await openTestDatabase()).url;
    port = await freePort();
  });

  const answers = (host: string) =>
    fetch(`http://${host}:${port}/openapi.json`).then(
      ({ status }) => status === 200,
      () => false,
    );

  it.runIf(HAS_IPV6).each([
    ['[::1]', `http://[::1]:`, { v4: false, v6: true }],
    ['::', `http://localhost:`, { v4: true, v6: true }],
    ['localhost', `http://localhost:`, { v4: true, v6: true }],
  ])('npm start with --host %s listens there and says where', async (host, shown, reached) => {
    const service = await npmStart(['--host', host, '--port', String(port)], { DATABASE_URL: databaseUrl });
    try {
      expect(service.output()).toContain(`ready on ${shown}${port}\n`);
      expect({ v4: await answers('127.0.0.1'), v6: await answers('[::1]') }).toEqual(reached);
    } finally {
      service.signalGroup('SIGTERM');
      await service.exited;
    }
  });

  it('npm start says in one sentence that an address of IPv6 is not this machine’s', async () => {
    const args = ['--host', '2001:db8::1', '--port', String(port)];
    const service = await npmStart(args, { DATABASE_URL: databaseUrl });
    expect(await service.exited).toBe(1);
    expect(service.output()).toContain(`Nothing can listen on [2001:db8::1]:${port} (`);
    expect(service.output()).not.toMatch(/^ +at /m);
  });
});
