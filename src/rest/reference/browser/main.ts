import { readable, tellingHeaders } from './answer.ts';
import { type Filled, requestOf } from './request.ts';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Forms share the key and the project; the tab forgets both when it is closed. */
function shareValues(): void {
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[data-shared]')];
  for (const field of fields) {
    const name = field.dataset['shared'] ?? '';
    const same = fields.filter((other) => other.dataset['shared'] === name);
    field.value = sessionStorage.getItem(name) ?? '';
    field.addEventListener('input', () => {
      sessionStorage.setItem(name, field.value);
      for (const other of same) other.value = field.value;
    });
  }
}

function filledIn(form: HTMLFormElement): Filled[] {
  return [...form.querySelectorAll<Field>('[data-in]')].map(({ dataset, value }) => ({
    in: dataset['in'] ?? '',
    name: dataset['name'] ?? '',
    value: dataset['in'] === 'body' ? value : value.trim(),
  }));
}

async function send(form: HTMLFormElement): Promise<void> {
  const { method = 'GET', path = '/' } = form.dataset;
  const key = form.querySelector<HTMLInputElement>('[data-shared="key"]')?.value.trim() ?? '';
  const outcome = form.querySelector('.outcome');
  const place = form.querySelector('.answer');
  const button = form.querySelector('button');
  if (outcome === null || place === null || button === null) return;
  button.disabled = true;
  outcome.className = 'outcome';
  outcome.textContent = 'Waiting for the answer …';
  place.replaceChildren();
  const began = performance.now();
  try {
    const { target, init } = requestOf(method, path, filledIn(form), key);
    const response = await fetch(target, init);
    const body = await response.text();
    outcome.classList.add(response.ok ? 'good' : 'bad');
    const took = Math.round(performance.now() - began);
    outcome.textContent = `${response.status} ${response.statusText} · ${took} ms`;
    place.append(sentLine(method, target), headerList(response.headers), bodyBlock(readable(body)));
  } catch (error) {
    outcome.classList.add('bad');
    outcome.textContent = `Nothing was answered: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    button.disabled = false;
  }
}

function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function sentLine(method: string, target: string): HTMLElement {
  const line = element('p', '');
  line.append(element('code', `${method} ${target}`));
  return line;
}

function headerList(headers: Headers): HTMLElement {
  const list = element('dl', '');
  list.append(
    ...tellingHeaders(headers).flatMap(([name, value]) => [element('dt', name), element('dd', value)]),
  );
  return list;
}

/** A long body scrolls by itself, so that it must take the focus of a keyboard. */
function bodyBlock(text: string): HTMLElement {
  const block = element('pre', text);
  block.tabIndex = 0;
  block.setAttribute('role', 'region');
  block.setAttribute('aria-label', 'Body of the answer');
  return block;
}

/** Browsers give the clipboard to pages over HTTPS and of this machine only. */
function addCopyButtons(): void {
  if (!('clipboard' in navigator)) return;
  for (const shell of document.querySelectorAll('.shell')) {
    const text = shell.querySelector('pre')?.textContent ?? '';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    const tell = (outcome: string) => () => {
      button.textContent = outcome;
    };
    button.addEventListener('click', () => {
      navigator.clipboard.writeText(text).then(tell('Copied'), tell('Not copied'));
    });
    shell.firstElementChild?.append(button);
  }
}

/** There is room for examples beside the text, and a phone would have to scroll past them. */
function openExamples(): void {
  if (!matchMedia('(min-width: 76rem)').matches) return;
  for (const example of document.querySelectorAll('.try + .example')) example.toggleAttribute('open', true);
}

for (const origin of document.querySelectorAll('[data-origin]')) origin.textContent = location.origin;
shareValues();
addCopyButtons();
openExamples();
document.addEventListener('submit', (event) => {
  event.preventDefault();
  if (event.target instanceof HTMLFormElement) void send(event.target);
});
