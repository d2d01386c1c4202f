import { type Answer, jsonIn, type Operation } from './description.ts';
import { type Html, html, joined, pretty, prose, sentence } from './html.ts';

/** An error as the page explains it. */
export interface ErrorEntry {
  readonly code: string;
  readonly status: number;
  readonly meaning: string;
  /** What to do, once for each form of the error. */
  readonly remedies: readonly string[];
  readonly example: unknown;
}

const isError = (status: string) => Number(status) >= 400;

/** The answers of an operation that are refusals or failures, by status, each code with a link into the table. */
export function errorsOf({ responses }: Operation): Html {
  const errors = Object.entries(responses).filter(([status]) => isError(status));
  const statuses = errors.map(([status]) => html`<span>${status}</span>`);
  return html`<details class="errors"><summary><h4>Errors</h4> ${joined(statuses, ' ')}</summary><dl>${errors.map(
    ([status, answer]) => html`
<div><dt>${status}</dt><dd>${prose(answer.description)}: ${links(answer)}</dd></div>`,
  )}</dl></details>`;
}

function links(answer: Answer): Html {
  const codes = codesOf(answer).map((code) => html`<a href="#error-${code}"><code>${code}</code></a>`);
  return joined(codes, ', ');
}

/** The codes among the examples of an answer; the health has an answer without one. */
function codesOf(answer: Answer): string[] {
  const examples = Object.values(jsonIn(answer.content)?.examples ?? {});
  const codes = examples.map(({ value }) => (isCoded(value) ? value.code : undefined));
  return [...new Set(codes)].filter((code) => code !== undefined);
}

function isCoded(value: unknown): value is { readonly code: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

/** THE list that every operation's errors link to. */
export function errorList(errors: readonly ErrorEntry[]): Html {
  return html`<dl class="fields">${errors.map(entry)}</dl>`;
}

function entry({ code, status, meaning, remedies, example }: ErrorEntry): Html {
  return html`
<div id="error-${code}"><dt><code>${code}</code> <span class="note">${String(status)}</span></dt><dd><p>${sentence(meaning)}</p>${advice(remedies)}<details><summary>Example</summary><pre>${pretty(example)}</pre></details></dd></div>`;
}

function advice(remedies: readonly string[]): Html {
  const sentences = remedies.map(sentence);
  if (sentences.length === 1) return html`<p class="bounds">${sentences}</p>`;
  return html`<ul class="bounds">${sentences.map((text) => html`<li>${text}</li>`)}</ul>`;
}
