import { examplesOf, successOf } from './answers.ts';
import { curlOf } from './curl.ts';
import { type Description, type Endpoint, jsonIn, type Operation } from './description.ts';
import { errorsOf } from './errors.ts';
import { bodyFields, parameterList } from './fields.ts';
import { type Html, html, prose } from './html.ts';
import { tryForm } from './try-form.ts';

/** The section of an operation: what it is on one side, how to call it on the other. */
export function operationSection(description: Description, endpoint: Endpoint): Html {
  const { operation } = endpoint;
  const { operationId, summary, description: about } = operation;
  return html`
<section class="operation" id="${operationId}" aria-labelledby="${operationId}-title">
<div class="about"><h3 id="${operationId}-title"><a href="#${operationId}">${summary}</a></h3><p class="endpoint">${methodBadge(endpoint.method)} <code>${breakable(endpoint.path)}</code></p>${about === undefined ? '' : html`<p>${prose(about)}</p>`}<p class="bounds">${credentialOf(operation)}</p>${requestOf(description, operation)}${successOf(description, operation)}${errorsOf(operation)}</div>
<div class="call"><div class="shell"><div class="shell-title"><h4>Call</h4></div><pre>${curlOf(description, endpoint)}</pre></div>${tryForm(description, endpoint)}${examplesOf(description, operation)}</div>
</section>`;
}

export function methodBadge(method: string): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span>`;
}

/** A path that may wrap after its slashes. */
export function breakable(path: string): Html {
  return html`${path.split(/(?<=\/)(?=.)/).map((part, index) => html`${index > 1 ? html`<wbr>` : ''}${part}`)}`;
}

function credentialOf({ security }: Operation): Html {
  if (security?.length === 0) return html`Needs no credential.`;
  const scopes = (security ?? []).flatMap((alternative) => Object.values(alternative).flat());
  if (scopes.length === 0) return html`Needs <a href="#access">a credential</a>, of any scope.`;
  return html`Needs <a href="#access">a credential</a> with the scope <code>${scopes.join(' ')}</code>.`;
}

function requestOf(description: Description, { parameters = [], requestBody }: Operation): Html {
  const body = jsonIn(requestBody?.content);
  return html`${parameters.length === 0 ? '' : html`<h4>Parameters</h4>${parameterList(parameters)}`}${
    body === undefined ? '' : html`<h4>Body</h4>${bodyFields(description, body.schema)}`
  }`;
}
