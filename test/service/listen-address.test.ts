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

  it.runIf(HAS_IPV6)('npm start with --host ::1 listens there and says where', async () => {
    const service = await npmStart(['--host', '::1', '--port', String(port)], { DATABASE_URL: databaseUrl });
    try {
      expect(service.output()).toContain(`ready on http://[::1]:${port}\n`);
      expect({ v4: await answers('127.0.0.1'), v6: await answers('[::1]') }).toEqual({ v4: false, v6: true });
    } finally {
      service.signalGroup('SIGTERM');
      await service.exited;
    }
  });
});
