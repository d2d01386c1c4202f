import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { listenAddress } from '../../scripts/local/listen-address.ts';

const HAS_IPV6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));

describe('the address to listen on', () => {
  it.each([
    ['127.0.0.1', { hosts: ['127.0.0.1'], probed: '127.0.0.1', shown: 'localhost' }],
    ['0.0.0.0', { hosts: ['0.0.0.0'], probed: '127.0.0.1', shown: 'localhost' }],
    ['192.0.2.1', { hosts: ['192.0.2.1'], probed: '192.0.2.1', shown: '192.0.2.1' }],
    ['::1', { hosts: ['::1'], probed: '[::1]', shown: '[::1]' }],
    ['[::1]', { hosts: ['::1'], probed: '[::1]', shown: '[::1]' }],
    ['0:0:0:0:0:0:0:1', { hosts: ['::1'], probed: '[::1]', shown: '[::1]' }],
    ['::', { hosts: ['::'], probed: HAS_IPV6 ? '[::1]' : '127.0.0.1', shown: 'localhost' }],
    ['[::]', { hosts: ['::'], probed: HAS_IPV6 ? '[::1]' : '127.0.0.1', shown: 'localhost' }],
    ['host.example', { hosts: ['host.example'], probed: 'host.example', shown: 'host.example' }],
    [
      'localhost',
      { hosts: HAS_IPV6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'], probed: '127.0.0.1', shown: 'localhost' },
    ],
  ])('the host %s is spelled for listening, probing and printing', (host, address) => {
    expect(listenAddress(host)).toEqual(address);
  });

  it.each(['', 'a b', '::1]', '[::1', ':::', 'host:80', 'http://host', 'host/path', '[host]x'])(
    'the host %j is refused',
    (host) => {
      expect(() => listenAddress(host)).toThrow(/^--host must be a name or an address, such as .*, not /);
    },
  );
});
