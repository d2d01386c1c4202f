import { describe, expect, it } from 'vitest';
import { ARTIFACT_TYPES, DEFAULT_TASK_ID_PREFIX, isStandardType } from '../../src/domain/ids.ts';
import { LOOPBACK_HOSTS } from '../../src/domain/loopback.ts';
import { inVocabulary, PLAIN, sentences, type Vocabulary } from '../../src/domain/words.ts';

const DOOR: Vocabulary = {
  operation: (name) => `call ${name}`,
  argument: (name, value) => `--${name} ${value ?? 'any'}`,
};

describe('words that each door puts its own way', () => {
  const words = ['Use ', { operation: 'claim_task' }, ' with ', { argument: 'count', value: '2' }];

  it('a text stays as it is', () => {
    expect(inVocabulary('As it is', DOOR)).toBe('As it is');
  });

  it('operations and arguments are named in the vocabulary of the door', () => {
    expect(inVocabulary(words, DOOR)).toBe('Use call claim_task with --count 2');
    expect(inVocabulary(words, PLAIN)).toBe('Use claim_task with count=2');
    expect(inVocabulary([{ argument: 'count' }], PLAIN)).toBe('count');
  });

  it('sentences are joined to a text, or to words where one of them needs the door', () => {
    expect(sentences('One', 'Two')).toBe('One. Two');
    expect(sentences(['One', ' more'], 'Two')).toBe('One more. Two');
    expect(sentences('First', words)).toEqual(['First', '. ', ...words]);
  });
});

describe('names that the service knows', () => {
  it('a type of ids is standard only if every project has it', () => {
    expect(ARTIFACT_TYPES.every(isStandardType)).toBe(true);
    expect(['task', 'TASKS', ''].some(isStandardType)).toBe(false);
    expect(DEFAULT_TASK_ID_PREFIX).toBe('TASK');
  });

  it('this machine has three names that nobody else can have', () => {
    expect([...LOOPBACK_HOSTS]).toEqual(['localhost', '127.0.0.1', '[::1]']);
  });
});
