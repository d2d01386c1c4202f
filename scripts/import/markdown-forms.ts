import type { Heading, ListItem } from 'mdast';
import { ID } from './listed-task.ts';
import type { Source } from './markdown-entries.ts';

/** An id that its author meant, whether or not it fits: todo-57, TODO-57a. */
export const NEARLY_ID = '[A-Za-z][\\w-]*-\\d+\\w*';

/** What only bold after a box makes an id: bd-a3f8, TODO_7, TODO#9, TODO-12.1, then TODO-IMPL, then TODO 8. */
const MARKED_ID = [
  '(?=[^*\\s]*\\d)[A-Za-z]\\w*[_#-][\\w.#/-]*',
  '[A-Z][A-Z\\d]*[_-][A-Z\\d_-]+',
  '[A-Z]{2,} \\d\\w*',
].join('|');

/** What only a heading makes an id. */
const NUMBERED_TASK = '[Tt](?:ask|ASK) #?\\d[\\w.]*';

export interface Form {
  readonly id: string;
  /** What follows the id in the line. */
  readonly rest: string;
}

const itemWith = (id: string) => new RegExp(`^\\*\\*(${id}):?\\*\\*:?\\s*(.*)$`, 's');
/** Before the id may be the number of the heading, and the word task. */
const headingWith = (id: string) =>
  new RegExp(`^(?:\\d+[.)]\\s+)?(?:[Tt](?:ask|ASK):?\\s+)?(?:\\*\\*)?(${id})(?:\\*\\*)?\\s?:\\s*(.*)$`, 's');

const IN_LIST = itemWith(ID);
const MARKED_IN_LIST = itemWith(`${NEARLY_ID}|${MARKED_ID}`);
const IN_HEADING = [
  headingWith(ID),
  headingWith(NEARLY_ID),
  headingWith(`${NEARLY_ID}[\\w.-]*|${NUMBERED_TASK}`),
];

function read(line: string, forms: readonly RegExp[]): Form | undefined {
  const [, id, rest] = forms.map((form) => form.exec(line)).find((match) => match !== null) ?? [];
  return id === undefined || rest === undefined ? undefined : { id, rest };
}

/** How a task begins as an item of a list. Only a box tells that an id which does not fit is meant for one. */
export const formOfItem = ({ checked }: ListItem, title: string): Form | undefined =>
  read(title.replace(/^__(.+?)__/, '**$1**'), checked == null ? [IN_LIST] : [IN_LIST, MARKED_IN_LIST]);

/** How a task begins as a heading. */
export const formOfHeading = (title: string): Form | undefined => read(title, IN_HEADING);

/** A box as its author meant it, though it need be none to Markdown. A link's text is none. */
export const BOX = '\\[\\s*\\S?\\s*\\](?!\\()';

const NEARLY_IN_HEADING = new RegExp(
  `^(?:${BOX}|[^\\p{L}\\p{N}]|\\d+[.)]\\s|task\\b)*(?:${NEARLY_ID}|(?<=task #?)\\d)`,
  'iu',
);

/** Whether a heading begins as one of a task might, be it of that form or not. */
export const isNearlyHeading = (title: string): boolean => NEARLY_IN_HEADING.test(title);

/** The text of a heading without its marks. */
export const titleOf = (heading: Heading, source: Source): string =>
  source(heading)
    .replace(/^#+\s*/, '')
    .replace(/(?:[ \t]+#+|\n[=-]+)[ \t]*$/, '');
