import { networkInterfaces } from 'node:os';
import { Problem } from './problem.ts';

export interface ListenAddress {
  /** For node:net; several where a name has several addresses. */
  readonly hosts: readonly string[];
  /** The host of a URL that reaches the first of them. */
  readonly probed: string;
  /** The host of the URL to show. */
  readonly shown: string;
}

const LOOPBACK = { v4: '127.0.0.1', v6: '::1' } as const;
const ALL_OF_V4 = '0.0.0.0';
const ALL = '::';

/** Reads --host: a name, an IPv4 address, or an IPv6 address with or without brackets. Throws a Problem. */
export function listenAddress(host: string): ListenAddress {
  const name = canonical(host);
  switch (name) {
    case 'localhost': {
      const hosts = Object.values(LOOPBACK).filter(isOfThisMachine);
      return { hosts, probed: hostInUrl(hosts[0] ?? LOOPBACK.v4), shown: name };
    }
    case LOOPBACK.v4:
      return { hosts: [name], probed: name, shown: 'localhost' };
    case ALL_OF_V4:
      return { hosts: [name], probed: LOOPBACK.v4, shown: 'localhost' };
    case ALL: {
      // `::` also listens on IPv4, and ::1 may be missing where there are other IPv6 addresses.
      const loopback = isOfThisMachine(LOOPBACK.v6) ? LOOPBACK.v6 : LOOPBACK.v4;
      return { hosts: [name], probed: hostInUrl(loopback), shown: 'localhost' };
    }
    default:
      return { hosts: [name], probed: hostInUrl(name), shown: hostInUrl(name) };
  }
}

/** An IPv6 address needs brackets before a port (RFC 3986, section 3.2.2). */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function canonical(host: string): string {
  const url = `http://${hostInUrl(host.replace(/^\[(.*)\]$/, '$1'))}`;
  const { href, hostname } = URL.canParse(url) ? new URL(url) : { href: '', hostname: '' };
  if (hostname !== '' && href === `http://${hostname}/`) return hostname.replace(/^\[(.*)\]$/, '$1');
  throw new Problem(`--host must be a name or an address, such as 127.0.0.1 or ::1, not ${host}`);
}

function isOfThisMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
}
