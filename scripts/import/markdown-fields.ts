/** What a key says to this service. */
export type Field = 'status' | 'priority' | 'needs' | 'inputs' | 'outputs' | 'generator' | 'description';

/** THE table of the keys that say something to this service; the value of any other becomes a note. */
const FIELDS: Readonly<Record<string, Field>> = {
  status: 'status',
  priority: 'priority',
  dependencies: 'needs',
  'depends on': 'needs',
  'blocked by': 'needs',
  'input data': 'inputs',
  inputs: 'inputs',
  input: 'inputs',
  'output data': 'outputs',
  outputs: 'outputs',
  output: 'outputs',
  'expected outputs': 'outputs',
  deliverables: 'outputs',
  generator: 'generator',
  description: 'description',
};

/** What a key says to this service, in any case; undefined where that is nothing. */
export function fieldOf(key: string): Field | undefined {
  const word = key.toLowerCase();
  return Object.hasOwn(FIELDS, word) ? FIELDS[word] : undefined;
}

const KEY = /^(\*{0,2})([A-Za-z][A-Za-z /]{0,40}?)(?:\*{2}:|:\*{2}|:)(?:\s+(.*))?$/s;

/**
 * The parts of a line `Key: value`, where the key may be bold; undefined of any other. A key that says nothing to this
 * service begins with a capital.
 */
export function keyedLine(line: string): { readonly key: string; readonly value: string } | undefined {
  const [, , key, value = ''] = KEY.exec(line.trim()) ?? [];
  return key !== undefined && (/^[A-Z]/.test(key) || fieldOf(key) !== undefined) ? { key, value } : undefined;
}

/** Whether a line is surely a field: its key is bold, or says something to this service. */
export function isField(line: string): boolean {
  const [, bold, key = ''] = KEY.exec(line.trim()) ?? [];
  return bold === '**' || fieldOf(key) !== undefined;
}
