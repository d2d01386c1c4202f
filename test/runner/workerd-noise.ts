const NOISE = [
  /^(uncaught )?exception[ ;].*disconnected: /,
  /^uncaught exception; source = Uncaught \(in promise\); stack = Error: Network connection lost\.$/,
  /^stack: .*\/workerd@[0-9a-f]+/,
];

/** Whether a line is what workerd says of a connection that broke: the tests break hundreds of them on purpose. */
export function isExpectedNoise(line: string): boolean {
  return NOISE.some((pattern) => pattern.test(line));
}
