import { isRecord } from '../domain/record.ts';
import { inVocabulary, type Vocabulary, type Words } from '../domain/words.ts';
import { TOOLS } from './tools.ts';
import { MCP_VOCABULARY } from './vocabulary.ts';

/** What a call after a refused one has in common with it. */
const ADDRESS = ['project', 'task_id', 'agent_id'] as const;

/** Puts words into the vocabulary of this door; a tool comes with the arguments that are known from the refused call. */
export function withNextCall(words: Words, refused: unknown): string {
  const vocabulary: Vocabulary = {
    ...MCP_VOCABULARY,
    operation(name) {
      const call = MCP_VOCABULARY.operation(name);
      const tool = TOOLS.find(({ operation }) => operation === name);
      const known = knownIn(refused).filter(([argument]) => tool !== undefined && argument in tool.arguments);
      return known.length === 0 ? call : `${call} with ${JSON.stringify(Object.fromEntries(known))}`;
    },
  };
  return inVocabulary(words, vocabulary).replaceAll('. call ', '. Call ');
}

function knownIn(refused: unknown): [string, string][] {
  if (!isRecord(refused)) return [];
  return ADDRESS.flatMap((name) => {
    const value = refused[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
}
