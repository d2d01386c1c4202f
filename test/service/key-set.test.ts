import { rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/local/free-port.ts';
import { temporaryFolder } from '../../scripts/local/temporary-folder.ts';
import { buildWorker } from '../../scripts/local/worker-build.ts';
import { type RunningWorker, startWorkerd } from '../../scripts/local/workerd.ts';
import { apiOver } from '../support/api.ts';
import { withCredential } from '../support/credentials.ts';

/** An issuer whose answers wait until they are asked for. */
class Issuer {
  readonly waiting: ServerResponse[] = [];
  private arrived: () => void = () => undefined;
  private readonly server = createServer((_, response) => {
    this.waiting.push(response);
    this.arrived();
  });

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  /** Resolves once so many fetches wait. */
  async fetched(count: number): Promise<void> {
    while (this.waiting.length < count) await new Promise<void>((resolve) => (this.arrived = resolve));
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

describe('requests that come together while there is no key set', () => {
  let pair: { privateKey: CryptoKey; publicKey: CryptoKey };
  let jwk: JWK;
  let folder: string;
  let worker: RunningWorker;
  let issuer: Issuer;
  let ask: () => Promise<number>;

  beforeAll(async () => {
    pair = await generateKeyPair('ES256', { extractable: true });
    jwk = await exportJWK(pair.publicKey);
    folder = await temporaryFolder('key-set');
    const [port, issuerPort] = [await freePort(), await freePort()];
    issuer = new Issuer();
    await issuer.listen(issuerPort);
    const build = await buildWorker('neon');
    const variables = {
      ...build.variables,
      LOG_LEVEL: 'silent',
      DATABASE_DRIVER: 'neon',
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
      JWT_JWKS_URL: `http://127.0.0.1:${issuerPort}/jwks`,
    };
    worker = await startWorkerd({ build, folder, host: '127.0.0.1', port, variables, output: 'ignore' });
    const token = await new SignJWT({ projects: '*' })
      .setProtectedHeader({ alg: 'ES256' })
      .setExpirationTime('1h')
      .sign(pair.privateKey);
    const api = withCredential(
      apiOver((to, init) => fetch(`http://127.0.0.1:${port}${to}`, init)),
      token,
    );
    ask = async () => (await api.get('/nowhere')).status;
  });

  afterAll(async () => {
    await worker.stop();
    issuer.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are each answered, the one whose fetch succeeds as well as the one whose fetch never ends', async () => {
    const first = ask();
    await issuer.fetched(1);
    const second = ask();
    await issuer.fetched(2);
    issuer.waiting[1]?.end(JSON.stringify({ keys: [jwk] }));
    expect(await second).toBe(404);
    expect(await ask()).toBe(404);
    expect(await first).toBe(503);
    expect(issuer.waiting).toHaveLength(2);
  });
});
