/**
 * The network that an address counts as where attempts are counted: an IPv4 address for itself, one of IPv6 for its
 * first 64 bits, because one subscriber has at least so many addresses to choose from (RFC 6177, section 2).
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = groupsOf(after ?? '');
  const left = Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(left).fill('0'), ...tail];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
