import { PLAIN, type Vocabulary } from '../domain/words.ts';
import type { OperationName } from '../operations/index.ts';

/** The names under which a model knows the operations that it may run. */
export const TOOL_NAMES = {
  next_task: 'get_next_task',
  claim_task: 'claim_task',
  heartbeat_claim: 'heartbeat',
  move_task: 'update_task_status',
  release_claim: 'release_task',
  get_task: 'get_task',
  list_tasks: 'list_tasks',
  add_tasks: 'add_tasks',
  explain_task: 'explain_task',
  edit_task: 'edit_task',
  add_note: 'add_note',
  list_notes: 'list_notes',
} as const satisfies Partial<Record<OperationName, string>>;

export type ToolOperation = keyof typeof TOOL_NAMES;

const NAMES: ReadonlyMap<string, string> = new Map(Object.entries(TOOL_NAMES));

/** Names operations as the tools that run them, and arguments as a model gives them. */
export const MCP_VOCABULARY: Vocabulary = {
  operation(name) {
    const tool = NAMES.get(name);
    return tool === undefined ? PLAIN.operation(name) : `call ${tool}`;
  },
  argument: (name, value) => (value === undefined ? name : `${name} ${value}`),
};
