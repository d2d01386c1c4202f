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

/** How a door words its failures. */
export interface Door {
  readonly body: (refused: DomainError, requestId: string) => object;
  /** Where clients learn who gives tokens for it (RFC 9728). */
  readonly metadataUrl?: string | undefined;
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
export function refusalOf(error: unknown, mayHaveChanged: boolean): DomainError {
  if (error instanceof DomainError) return error;
  // hono raises this for a request that it cannot read.
  if (error instanceof HTTPException && error.status === 400) return refusal('malformed_json', {});
  return refusal(mayHaveChanged ? 'outcome_unreported' : 'internal_error', {}, { cause: error });
}

/** The one place where a failure becomes an answer, in a door's words. */
export function errorAnswers(doorOf: (c: AppContext) => Door): (error: unknown, c: AppContext) => Response {
  return (error, c) => {
    const refused = refusalOf(error, c.get('database')?.mayHaveChanged() ?? false);
    c.set('errorCode', refused.code);
    const { body, metadataUrl } = doorOf(c);
    const challenge = challengeOf(refused, metadataUrl);
    if (challenge !== undefined) c.header('WWW-Authenticate', challenge);
    const { retry_after_seconds } = refused.details ?? {};
    if (typeof retry_after_seconds === 'number') c.header('Retry-After', String(retry_after_seconds));
    return c.json(body(refused, c.get('requestId')), ERRORS[refused.code].status);
  };
}
