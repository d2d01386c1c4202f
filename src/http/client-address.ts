/** An IPv4 address, or an IPv6 /64: a subscriber has at least that many addresses (RFC 6177, section 2). */
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
