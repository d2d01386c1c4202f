import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { appUnderTest } from '../support/app.ts';
import { accessBy, NOW, withCredential } from '../support/credentials.ts';
import { mcpOver } from '../support/mcp.ts';

const secret = new TextEncoder().encode('a secret of no less than 32 bytes');
const issuer = 'https://id.example';

const tokenFor = (audience?: string) => {
  const token = new SignJWT({ sub: 'agent', scope: 'read' }).setProtectedHeader({ alg: 'HS256' });
  if (audience !== undefined) token.setAudience(audience);
  return token
    .setIssuer(issuer)
    .setExpirationTime(NOW / 1_000 + 60)
    .sign(secret);
};

async function statusOf(tokens: object, audience?: string): Promise<number> {
  const app = appUnderTest({ access: accessBy({ keys: [], tokens: { secret, ...tokens } }) });
  const api = withCredential(app, await tokenFor(audience));
  return (await mcpOver(api).request('tools/list')).status;
}

describe('the audience of a token over MCP', () => {
  it.each([
    ['http://service.test/mcp', 200],
    ['http://service.test', 200],
    ['http://another.test/mcp', 401],
    [undefined, 401],
  ])('a token of an issuer that is meant for %s gets %i', async (audience, status) => {
    expect(await statusOf({ issuer }, audience)).toBe(status);
  });

  it('a token that is meant for the configured audience is good as well', async () => {
    expect(await statusOf({ issuer, audience: 'tasks' }, 'tasks')).toBe(200);
  });

  it('without a named issuer a token needs no audience', async () => {
    expect(await statusOf({})).toBe(200);
  });

  it('REST goes on taking a token without an audience', async () => {
    const app = appUnderTest({ access: accessBy({ keys: [], tokens: { secret, issuer } }) });
    expect((await withCredential(app, await tokenFor()).get('/nowhere')).status).toBe(404);
  });
});
