import type { Heading } from 'mdast';
import { ID } from './listed-task.ts';
import type { Source } from './markdown-entries.ts';

/** How a task begins as an item of a list, and as a heading. */
export const IN_LIST = new RegExp(`^\\*\\*(${ID}):?\\*\\*:?\\s*(.*)$`, 's');
export const IN_HEADING = new RegExp(`^(?:\\*\\*)?(${ID})(?:\\*\\*)?:\\s*(.*)$`, 's');

/** The text of a heading. */
export const titleOf = (heading: Heading, source: Source): string => source(heading).replace(/^#+\s*/, '');
