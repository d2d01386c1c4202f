import { exampleBody } from './curl.ts';
import type { Description, Endpoint, Operation, Parameter } from './description.ts';
import { type Html, html } from './html.ts';

/** The form that browser/main.ts sends; without a script the style sheet hides it. */
export function tryForm(description: Description, { method, path, operation }: Endpoint): Html {
  const { operationId, parameters = [], requestBody } = operation;
  return html`
<details class="try"><summary>Try it</summary><form data-method="${method}" data-path="${path}" aria-label="Try ${operationId}">${keyField(operation)}${parameters.map((parameter) => field(operationId, parameter))}${
    requestBody === undefined ? '' : bodyField(operationId, exampleBody(description, operation))
  }${method === 'GET' ? '' : html`<p class=\"warning\">This changes the data of the service that you look at.</p>`}<button type="submit">Send ${method}</button><p class="outcome" role="status"></p><div class="answer"></div></form></details>`;
}

/** Browsers offer to keep the value of a password field that has a name or a form with a user in it. */
function keyField({ operationId, security }: Operation): Html | '' {
  if (security?.length === 0) return '';
  return html`<label for="${operationId}-key">Key or token <span class="note">kept in this tab only</span></label><input id="${operationId}-key" type="password" data-shared="key" autocomplete="off" spellcheck="false" placeholder="empty: no credential">`;
}

function field(operationId: string, { name, in: place, required, schema }: Parameter): Html {
  const id = `${operationId}-${name}`;
  const isRequired = required === true ? html` required` : '';
  // One project is tried at a time, so each form gets what another one was given.
  const shared = name === 'project' ? html` data-shared="project"` : '';
  const label = html`<label for="${id}">${name}${required === true ? '' : html` <span class="note">optional</span>`}</label>`;
  const data = html`id="${id}" data-in="${place}" data-name="${name}"${shared}${isRequired}`;
  if (schema.enum === undefined) {
    const hint = schema.example ?? schema.default ?? '';
    return html`${label}<input ${data} autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="${String(hint)}">`;
  }
  const options = schema.enum.map((value) => html`<option>${String(value)}</option>`);
  return html`${label}<select ${data}><option value=""></option>${options}</select>`;
}

function bodyField(operationId: string, example: string): Html {
  const id = `${operationId}-body`;
  // The parser drops the first line break after the tag.
  return html`<label for="${id}">Body</label><textarea id="${id}" data-in="body" rows="${Math.min(example.split('\n').length + 1, 16)}" spellcheck="false" autocapitalize="off">
${example}</textarea>`;
}
