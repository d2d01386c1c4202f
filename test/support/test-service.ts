import { rm } from 'node:fs/promises';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { type DatabaseUnderTest, openTestDatabase } from './database.ts';
import { npmStart, type RunningService } from './npm-start.ts';

/** `npm start` on a test database, with a data folder of its own. */
export interface TestService {
  readonly service: RunningService;
  readonly database: DatabaseUnderTest;
  readonly folder: string;
  /** Stops it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a service, on a new test database unless one is given. */
export async function startTestService(
  env: Readonly<Record<string, string>> = {},
  database?: DatabaseUnderTest,
): Promise<TestService> {
  const used = database ?? (await openTestDatabase());
  const folder = await temporaryFolder('service');
  const args = ['--port', String(await freePort()), '--data-dir', folder];
  const service = await npmStart(args, { DATABASE_URL: used.url, ...env });
  return {
    service,
    database: used,
    folder,
    async stop() {
      service.signalGroup('SIGTERM');
      await service.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
