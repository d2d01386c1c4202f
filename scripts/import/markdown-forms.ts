import type { Heading, ListItem } from 'mdast';
import { ID } from './listed-task.ts';
import type { Source } from './markdown-entries.ts';

/** An id that its author meant, whether or not it fits: todo-57, TODO-57a. */
export const NEARLY_ID = '[A-Za-z][\\w-]*-\\d+\\w*';

export interface Form {
  readonly id: string;
  /** What follows the id in the line. */
  readonly rest: string;
}

const itemWith = (id: string) => new RegExp(`^\\*\\*(${id}):?\\*\\*:?\\s*(.*)$`, 's');
const headingWith = (id: string) => new RegExp(`^(?:\\*\\*)?(${id})(?:\\*\\*)?:\\s*(.*)$`, 's');

const IN_LIST = itemWith(ID);
const NEARLY_IN_LIST = itemWith(NEARLY_ID);
const IN_HEADING = [headingWith(ID), headingWith(NEARLY_ID)];

function read(line: string, forms: readonly RegExp[]): Form | undefined {
  const [, id, rest] = forms.map((form) => form.exec(line)).find((match) => match !== null) ?? [];
  return id === undefined || rest === undefined ? undefined : { id, rest };
}

/** How a task begins as an item of a list. Only a box tells that an id which does not fit is meant for one. */
export const formOfItem = ({ checked }: ListItem, title: string): Form | undefined =>
  read(title, checked == null ? [IN_LIST] : [IN_LIST, NEARLY_IN_LIST]);

/** How a task begins as a heading. */
export const formOfHeading = (title: string): Form | undefined => read(title, IN_HEADING);

/** The text of a heading. */
export const titleOf = (heading: Heading, source: Source): string => source(heading).replace(/^#+\s*/, '');
