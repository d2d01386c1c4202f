import type { Status } from '../../src/domain/task.ts';
import type { Entry } from './markdown-entries.ts';
import type { Form } from './markdown-forms.ts';
import { isOfDocument, SIGN, type StatusTaken, statusOf } from './states.ts';

/** How a task begins: its id, its title, and what stands beside them about its state. */
export interface Head {
  readonly id: string;
  readonly title: string;
  /** Undefined where there is no box. */
  readonly box: boolean | undefined;
  readonly mark: Mark | undefined;
}

/** A sign at the end of a title, with a word and a date perhaps. */
interface Mark extends StatusTaken {
  readonly written: string;
  readonly date: string | undefined;
}

const MARK = new RegExp(
  `(?:\\s+[(*_–—-]+)*\\s*(${SIGN}\\s*[*_]*(?:[\\p{L}-]+[ *_:,]*){0,3})\\(?(\\d[\\d./-]+)?[)*_\\s]*$`,
  'u',
);

/** Reads the rest of a task's first line: its title, and a sign of its state at the end. */
export function headOf({ id, rest }: Form, box: boolean | undefined): Head {
  const match = MARK.exec(rest);
  const [written = '', phrase = '', date] = match ?? [];
  const said = statusOf(phrase);
  const title = (match !== null && said !== undefined ? rest.slice(0, match.index) : rest).trim();
  const mark = said && { ...said, written: written.trim(), date };
  return { id, title: title === '' ? id : title, box, mark };
}

export interface StateTaken {
  readonly status: Status;
  readonly remarks: readonly string[];
  /** What the words about the state say beyond it. */
  readonly notes: readonly string[];
  /** A text with what it is blocked by; may be empty. */
  readonly waitsFor: string;
}

/**
 * A status line goes before the mark of the title, and that before the box, for each says more. A line with what only
 * documents go through is that of what the task makes.
 */
export function stateOf({ box, mark }: Head, lines: readonly Pick<Entry, 'key' | 'value'>[]): StateTaken {
  const read = lines.map(({ key, value }) => {
    const [phrase = ''] = value.split('\n');
    return { key, value, phrase, said: statusOf(phrase) };
  });
  const line = read.find(({ said }) => said !== undefined);
  const byBox: StatusTaken = { status: box === true ? 'completed' : 'pending', rest: '' };
  const taken = line?.said ?? mark ?? byBox;
  const isPlain = (value: string, { rest }: StatusTaken) => rest === '' && !/\d|\n/.test(value);
  return {
    status: taken.status,
    remarks: [
      ...(taken.remark === undefined ? [] : [taken.remark]),
      ...(taken.rest !== '' && taken.remark === undefined && line !== undefined
        ? [`Its status "${line.phrase}" is taken as ${taken.status}`]
        : []),
      ...disagreements(taken, { box, mark, line: line?.phrase }),
      ...read
        .filter(({ said, phrase }) => said === undefined && !isOfDocument(phrase))
        .map(({ phrase }) => `Its status "${phrase}" is not known; taken as ${taken.status}`),
    ],
    notes: [
      ...noteOf(mark),
      ...read
        .filter((each) => each !== line || !isPlain(each.value, taken))
        .map(({ key, value }) => `${key}: ${value}`),
    ],
    waitsFor: taken.isBlocked === true ? taken.rest : '',
  };
}

function noteOf(mark: Mark | undefined): string[] {
  if (mark === undefined || (mark.date === undefined && mark.rest === '')) return [];
  const isPlain = mark.status === 'completed' && mark.rest === '';
  return [isPlain ? `Completed: ${mark.date}` : `Mark: ${mark.written}`];
}

/** What the box, and the mark of the title, say against the state that is taken. */
function disagreements(
  { status }: StatusTaken,
  { box, mark, line }: Pick<Head, 'box' | 'mark'> & { readonly line: string | undefined },
): string[] {
  const isDone = status === 'completed';
  const word = (done: boolean) => (done ? 'done' : 'not done');
  const what = line === undefined ? `title ${mark?.written}; the title` : `status ${line}; the status`;
  const marked = mark && line !== undefined ? mark.status === 'completed' : undefined;
  return [
    ...(box === undefined || box === isDone ? [] : [`Its box says ${word(box)}, its ${what} is taken`]),
    ...(marked === undefined || marked === isDone
      ? []
      : [`Its title says ${word(marked)}, its ${what} is taken`]),
  ];
}
