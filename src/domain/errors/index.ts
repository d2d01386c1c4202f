import { inVocabulary, PLAIN, sentences, type Words } from '../words.ts';
import { ACCESS_ERRORS } from './access.ts';
import { EDIT_ERRORS } from './edits.ts';
import type { ErrorDetails, Form } from './form.ts';
import { GRAPH_ERRORS } from './graph.ts';
import { ID_ERRORS } from './ids.ts';
import { LIST_ERRORS } from './lists.ts';
import { LOG_ERRORS } from './log.ts';
import { REQUEST_ERRORS } from './requests.ts';
import { SERVICE_ERRORS } from './service.ts';
import { TASK_ERRORS } from './tasks.ts';

/** THE catalog: every error a client can meet, through any door. */
export const ERRORS = {
  ...REQUEST_ERRORS,
  ...ACCESS_ERRORS,
  ...TASK_ERRORS,
  ...EDIT_ERRORS,
  ...GRAPH_ERRORS,
  ...ID_ERRORS,
  ...LIST_ERRORS,
  ...LOG_ERRORS,
  ...SERVICE_ERRORS,
} as const;

/** Stable: clients branch on them. */
export type ErrorCode = keyof typeof ERRORS;

export type ErrorStatus = (typeof ERRORS)[ErrorCode]['status'];

type Forms = { [Code in ErrorCode]: (typeof ERRORS)[Code]['forms'] }[ErrorCode];
type NameIn<F> = F extends unknown ? keyof F : never;

export type ErrorForm = NameIn<Forms>;

type Named<Name extends ErrorForm> = Extract<Forms, Readonly<Record<Name, unknown>>>[Name];

export type FactsOf<Name extends ErrorForm> = Named<Name> extends Form<infer Facts> ? Facts : never;

// The entries are the catalog's own, so the keys are exactly the forms.
export const CODE_OF = Object.fromEntries(
  Object.entries(ERRORS).flatMap(([code, { forms }]) => Object.keys(forms).map((name) => [name, code])),
) as Readonly<Record<ErrorForm, ErrorCode>>;

/** A refusal or failure as a client may see it; only `cause` is internal, for the log. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  readonly code: ErrorCode;
  readonly fact: string;
  /** Undefined where the fact has it. */
  readonly remedy: Words | undefined;
  /** In the words of no door yet. */
  readonly words: Words;
  readonly details: ErrorDetails | undefined;
  readonly hint: Words | undefined;

  constructor(code: ErrorCode, form: Form<unknown>, facts: unknown, options?: ErrorOptions) {
    const { fact, remedy, isFixed, isComplete, details, hint } = form;
    const ownFact = fact(facts);
    const ownRemedy = remedy(facts);
    const words = isFixed ? ownFact : sentences(ownFact, ownRemedy);
    super(inVocabulary(words, PLAIN), options);
    this.code = code;
    this.fact = ownFact;
    this.remedy = isComplete ? undefined : ownRemedy;
    this.words = words;
    this.details = details?.(facts);
    this.hint = hint;
  }
}

function formOf(name: ErrorForm): Form<unknown> {
  // CODE_OF leads to the code that has the form.
  const form = (ERRORS[CODE_OF[name]].forms as Readonly<Record<string, unknown>>)[name];
  return form as Form<unknown>;
}

/** Makes an error of the catalog; `cause` is for the log. */
export function refusal<Name extends ErrorForm>(
  name: Name,
  facts: FactsOf<Name>,
  options?: ErrorOptions,
): DomainError {
  return new DomainError(CODE_OF[name], formOf(name), facts, options);
}

/** The refusal that the documentation shows for a form. */
export function exampleRefusal(name: ErrorForm): DomainError {
  const form = formOf(name);
  return new DomainError(CODE_OF[name], form, form.example);
}

/** The remedy that the documentation shows for a form. */
export function remedyOf(name: ErrorForm): Words {
  const { remedy, example } = formOf(name);
  return remedy(example);
}
