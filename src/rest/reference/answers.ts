import { type Answer, type Description, jsonIn, type Operation, resolved } from './description.ts';
import { answerFields } from './fields.ts';
import { type Html, html, pretty, sentence } from './html.ts';
import { typeOf } from './types.ts';

/** What an operation answers when it succeeds. */
export function successOf(description: Description, operation: Operation): Html {
  return html`${successes(operation).map(
    ([status, answer]) => html`
<h4>Answer <span class="status">${status}</span></h4><p>${sentence(answer.description)}</p>${contentOf(description, answer)}`,
  )}`;
}

function contentOf(description: Description, answer: Answer): Html {
  const json = jsonIn(answer.content);
  if (json === undefined) return html`<p class="bounds">${Object.keys(answer.content ?? {}).join(', ')}</p>`;
  const { properties } = resolved(description, json.schema);
  return properties === undefined ? typeOf(json.schema) : answerFields(description, json.schema);
}

/** The examples of the answers that are no errors. */
export function examplesOf(description: Description, operation: Operation): Html {
  const examples = successes(operation).flatMap(([, answer]) => namedExamples(description, answer));
  return html`${examples.map(
    ([name, value]) => html`
<details class="example"><summary>${name}</summary><pre>${pretty(value)}</pre></details>`,
  )}`;
}

function namedExamples(description: Description, { content }: Answer): [string, unknown][] {
  const json = jsonIn(content);
  if (json === undefined) return [];
  const named = Object.entries(json.examples ?? {});
  if (named.length > 0) return named.map(([name, { value }]) => [`Answer: ${name}`, value]);
  const { example } = resolved(description, json.schema);
  return example === undefined ? [] : [['Answer', example]];
}

function successes({ responses }: Operation): [string, Answer][] {
  return Object.entries(responses).filter(([status]) => Number(status) < 400);
}
