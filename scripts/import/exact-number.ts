/** Whether a number is exactly what its JSON says, as it is written out again. */
export const isExact = (source: string, value: number): boolean =>
  digitsOf(source) !== undefined && digitsOf(source) === digitsOf(String(value));

/** One spelling for all of the same value: its digits without zeros at either end, and a power of ten. */
function digitsOf(written: string): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(written);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
