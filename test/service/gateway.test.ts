import { neon } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/db/drivers/neon.ts';
import { type Gateway, startGateway } from '../../scripts/local/gateway.ts';
import { openTestDatabase } from '../support/database.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';

describe('the gateway', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    const { url } = await openTestDatabase();
    gateway = await startGateway({ databaseUrl: url, password: 'right', poolSize: 2 });
  });
  afterAll(() => gateway.stop());

  const post = (headers: Record<string, string>, body: string, path = '/sql') => {
    const { port } = new URL(gateway.url);
    return fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  };
  const allowed = () => ({ 'neon-connection-string': gateway.url });

  it('the gateway answers Neon’s driver', async () => {
    const rows = await neon(
      gateway.url,
    )`select ${41}::int + 1 as answer, ${['a', 'b']}::text[] as list, null as nothing`;
    expect(rows).toEqual([{ answer: 42, list: ['a', 'b'], nothing: null }]);
  });

  it('a statement is parsed once for each connection and survives a change of its table', async () => {
    const database = await openTestDatabase();
    const single = await startGateway({ databaseUrl: database.url, password: 'right', poolSize: 1 });
    const sql = neon(single.url);
    const count = () => sql`select count(*)::int as count from tasks`;
    const prepared = () => sql`select from pg_prepared_statements where statement like ${'%from tasks'}`;
    await count();
    await count();
    expect(await prepared()).toHaveLength(1);
    await database.query('alter table tasks add column more text');
    expect(await count()).toEqual([{ count: 0 }]);
    await single.stop();
  });

  it('the gateway asks for read committed and keeps the options of its URL', async () => {
    const { id, url, query } = await openTestDatabase();
    await query(`alter database ${id} set default_transaction_isolation to 'serializable'`);
    const databaseUrl = `${url}?options=-c%20application_name%3Dours`;
    const isolated = await startGateway({ databaseUrl, password: 'right' });
    const sql = neon(isolated.url);
    expect(await sql`show transaction_isolation`).toEqual([{ transaction_isolation: 'read committed' }]);
    expect(await sql`show application_name`).toEqual([{ application_name: 'ours' }]);
    await isolated.stop();
  });

  it('the gateway passes an error of the server on with its code', async () => {
    await expect(neon(gateway.url)`select 1 / 0`).rejects.toMatchObject({ code: '22012' });
  });

  it('the gateway lets nobody in without the password', async () => {
    const body = JSON.stringify({ query: 'select 1', params: [] });
    expect((await post({}, body)).status).toBe(403);
    const wrong = { 'neon-connection-string': gateway.url.replace('right', 'wrong') };
    expect((await post(wrong, body)).status).toBe(403);
    expect((await post({ 'neon-connection-string': 'nonsense' }, body)).status).toBe(403);
  });

  it('the gateway serves no other path', async () => {
    expect((await post(allowed(), '{}', '/')).status).toBe(404);
  });

  it.each(['', '{}', '{"query":"select 1"}', '[]', 'null'])('the body %j is refused', async (body) => {
    const answer = await post(allowed(), body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: 'bad request', code: '42601' });
  });

  it('the gateway reports a database that cannot be reached', async () => {
    const orphan = await startGateway({ databaseUrl: 'postgres://u:p@127.0.0.1:1/d', password: 'right' });
    await expect(neon(orphan.url)`select 1`).rejects.toMatchObject({ code: '08001' });
    await orphan.stop();
  });

  it('the gateway reports a statement on a broken connection as lost, and goes on with another', async () => {
    const sql = neon(gateway.url);
    await expect(sql`select pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({ code: '08006' });
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  it('the gateway survives the loss of a connection that is in use', async () => {
    const { url } = await openTestDatabase();
    const target = await startFaultProxy(Number(new URL(url).port));
    const throughProxy = new URL(url);
    throughProxy.port = String(target.port);
    const fragile = await startGateway({ databaseUrl: throughProxy.href, password: 'right' });
    const sql = neon(fragile.url);
    await sql`select 1`;
    const running = sql`select pg_sleep(5)`;
    // Runs into the sleep: the proxy cuts what is open when a fault is injected.
    const cut = new Promise((resolve) => setTimeout(resolve, 200)).then(() => target.inject('none'));
    await expect(running).rejects.toMatchObject({ code: '08006' });
    await cut;
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }]);
    await fragile.stop();
    await target.stop();
  });
});
