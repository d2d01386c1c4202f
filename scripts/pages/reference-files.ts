import { exampleAnswer, exampleRemedy } from '../../src/rest/openapi/errors.ts';
import type { Description } from '../../src/rest/reference/description.ts';
import type { ErrorEntry } from '../../src/rest/reference/errors.ts';
import { referencePage } from '../../src/rest/reference/page.ts';
import { bundledScript, bundledStyle } from './bundled.ts';
import { errorCodes } from './error-codes.ts';

/** The page at GET /docs, made from the OpenAPI document and the catalog of errors. */
export function referenceHtml(document: unknown): string {
  // The generator's types leave every part of the document optional; it writes those that the page reads.
  const description = document as Description;
  return referencePage(description, errorEntries(), { style: '/docs.css', script: '/docs.js' });
}

/** The script of the page in one file, for browsers of the last four years. */
export function referenceScript(): Promise<string> {
  return bundledScript('src/rest/reference/browser/main.ts', { format: 'iife' });
}

export function referenceStyle(): Promise<string> {
  return bundledStyle('src/rest/reference/style/index.css');
}

function errorEntries(): ErrorEntry[] {
  return errorCodes().map(({ names, ...code }) => {
    const remedies = names
      .map(exampleRemedy)
      .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`);
    return { ...code, remedies: [...new Set(remedies)], example: exampleAnswer(names[0]) };
  });
}
