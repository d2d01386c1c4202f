import { type Chapter, chaptersOf } from './chapters.ts';
import { type Description, type Endpoint, endpointsOf } from './description.ts';
import type { ErrorEntry } from './errors.ts';
import { type Html, html, prose, sentence } from './html.ts';
import { breakable, methodBadge, operationSection } from './operation.ts';

export interface ReferenceFiles {
  readonly style: string;
  readonly script: string;
}

interface Group {
  readonly name: string;
  readonly title: string;
  readonly about: string | undefined;
  readonly endpoints: readonly Endpoint[];
}

/**
 * Makes the reference page of an OpenAPI 3.1 document. It refers to its style sheet and script by the given paths and to
 * nothing else, and has neither inline, so that its Content-Security-Policy needs no exception.
 */
export function referencePage(
  description: Description,
  errors: readonly ErrorEntry[],
  files: ReferenceFiles,
): string {
  const { title, summary = '', version } = description.info;
  const groups = groupsOf(description);
  const chapters = chaptersOf(description, errors);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${summary}">
<title>${title}: API reference</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230f6b62'/%3E%3Cpath d='m4 8.5 2.7 2.7L12 5.5' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E">
<link rel="stylesheet" href="${files.style}">
<script src="${files.script}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the reference</a>
<header class="bar"><a href="#top" class="brand">${title}</a> <span class="note">${version}</span><a class="to-contents" href="#contents">Contents</a></header>
<nav id="contents" aria-label="Contents">${groups.map(contentsOf)}<p class="nav-title">More</p><ul>${chapters.map(
    ({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`,
  )}</ul></nav>
<main id="main" tabindex="-1">
<div class="intro" id="top"><h1>${title} <span>API reference</span></h1><p class="lead">${sentence(summary)}</p>${introduction(description)}</div>${groups.map(
    (group) => groupSection(description, group),
  )}${chapters.map(chapterSection)}
</main>
<footer><p>${title} ${version}. For machines: <a href="/openapi.json">/openapi.json</a>, OpenAPI 3.1.</p></footer>
</body>
</html>
`;
  return String(page);
}

function introduction({ info }: Description): Html {
  return html`<p>${prose(info.description ?? '')}</p><p>The calls on this page take the address of the service and your key from the shell:</p><div class="shell"><div class="shell-title">Shell</div><pre>export URL=<span data-origin>https://…</span>
export API_KEY=…</pre></div>`;
}

function groupsOf(description: Description): Group[] {
  const endpoints = endpointsOf(description);
  return (description.tags ?? []).map(({ name, description: about }) => ({
    name,
    title: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    about,
    endpoints: endpoints.filter(({ operation }) => operation.tags?.includes(name) ?? false),
  }));
}

function contentsOf({ title, endpoints }: Group): Html {
  const links = endpoints.map(
    ({ method, path, operation }) =>
      html`<li><a href="#${operation.operationId}">${methodBadge(method)} <span>${breakable(path)}</span></a></li>`,
  );
  return html`<p class="nav-title">${title}</p><ul>${links}</ul>`;
}

function groupSection(description: Description, { name, title, about, endpoints }: Group): Html {
  return html`
<section class="group" aria-labelledby="group-${name}"><h2 id="group-${name}">${title}</h2>${about === undefined ? '' : html`<p class="lead">${sentence(about)}</p>`}${endpoints.map(
    (endpoint) => operationSection(description, endpoint),
  )}</section>`;
}

function chapterSection({ id, title, content }: Chapter): Html {
  return html`
<section class="chapter" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}
