import type { Caller, Scope } from '../domain/access.ts';
import listed from './tool-list.json' with { type: 'json' };

interface ListedSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** A tool as a client is shown it. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ListedSchema;
  readonly outputSchema: ListedSchema;
  readonly annotations: object;
}

export interface ListEntry {
  readonly scope: Scope;
  readonly tool: ListedTool;
}

// `npm run generate` writes the file from this very type.
const ENTRIES = listed as unknown as readonly ListEntry[];

/** The tools that a caller's scopes allow; who has one project only need not name it. */
export function toolsFor({ scopes, projects }: Caller): ListedTool[] {
  const allowed = ENTRIES.filter(({ scope }) => scopes.includes(scope)).map(({ tool }) => tool);
  return projects !== '*' && projects.length === 1 ? allowed.map(withoutProject) : allowed;
}

function withoutProject({ inputSchema, ...tool }: ListedTool): ListedTool {
  const { project: _, ...properties } = inputSchema.properties;
  const required = (inputSchema.required ?? []).filter((name) => name !== 'project');
  return { ...tool, inputSchema: { ...inputSchema, properties, required } };
}
