import { HTTPException } from 'hono/http-exception';
import { DomainError, ERRORS, refusal } from '../domain/errors/index.ts';
import { inVocabulary, type Vocabulary } from '../domain/words.ts';
import { challengeOf } from './challenge.ts';
import type { AppContext } from './context.ts';

export interface ErrorBody {
  readonly success: false;
  readonly error: string;
  readonly code: string;
  readonly request_id: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Puts an error into the words of a door. */
export function errorBody(
  { code, words, details, hint }: DomainError,
  vocabulary: Vocabulary,
  requestId: string,
): ErrorBody {
  const body = {
    success: false,
    error: inVocabulary(words, vocabulary),
    code,
    request_id: requestId,
  } as const;
  if (hint !== undefined) return { ...body, details: { ...details, hint: inVocabulary(hint, vocabulary) } };
  return details === undefined ? body : { ...body, details };
}

/** Hides our faults in a fixed sentence, which tells whether the change may have committed. The log has the rest. */
function refusalOf(error: unknown, mayHaveChanged: boolean): DomainError {
  if (error instanceof DomainError) return error;
  // hono raises this for a request that it cannot read.
  if (error instanceof HTTPException && error.status === 400) return refusal('malformed_json', {});
  return refusal(mayHaveChanged ? 'outcome_unreported' : 'internal_error', {}, { cause: error });
}

/** The one place where a failure becomes an answer, in a door's words. */
export function errorAnswers(vocabulary: Vocabulary): (error: unknown, c: AppContext) => Response {
  return (error, c) => {
    const refused = refusalOf(error, c.get('database')?.mayHaveChanged() ?? false);
    const challenge = challengeOf(refused);
    if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
    return c.json(errorBody(refused, vocabulary, c.get('requestId')), ERRORS[refused.code].status);
  };
}
