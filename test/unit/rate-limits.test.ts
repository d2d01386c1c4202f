import { describe, expect, it } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import { networkOf } from '../../src/http/client-address.ts';
import { RATE_LIMIT_PERIODS } from '../../src/http/limits.ts';

interface Setting {
  readonly name: string;
  readonly simple: { readonly period: number };
}

describe('the rate limits in wrangler.toml', () => {
  it('the limits in wrangler.toml have the periods that Retry-After names', () => {
    const { ratelimits } = unstable_readConfig({ config: 'wrangler.toml' });
    expect(Object.fromEntries(ratelimits.map(({ name, simple }: Setting) => [name, simple.period]))).toEqual({
      CREDENTIAL_RATE_LIMIT: RATE_LIMIT_PERIODS.credential,
      FAILED_AUTHENTICATION_RATE_LIMIT: RATE_LIMIT_PERIODS.failedAuthentication,
      RESERVATION_RATE_LIMIT: RATE_LIMIT_PERIODS.reservation,
    });
  });
});

describe('the network of a client', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['unknown', 'unknown'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  ])('the network of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
