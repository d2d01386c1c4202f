import { bundledScript, bundledStyle } from './bundled.ts';
import { lexerOnly } from './lexer-only.ts';

const JSX = { jsx: 'automatic', jsxImportSource: 'preact' } as const;

/**
 * The page at GET /board: something to see at once, which the script replaces. It has its style in it, for a browser
 * paints nothing before the style is there, and on a slow connection a request of its own takes half a second.
 */
export async function boardHtml(): Promise<string> {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Task board</title>
<link rel="icon" href="data:,">
<style>${await bundledStyle('src/board/style/index.css')}</style>
<link rel="modulepreload" href="/board.js">
</head>
<body>
<div id="board"><header class="bar"><h1>Task board</h1></header></div>
<noscript>The board needs JavaScript. The API does not: see /docs.</noscript>
<script type="module" src="/board.js"></script>
</body>
</html>
`;
}

export function boardScript(): Promise<string> {
  return bundledScript('src/board/main.tsx', { ...JSX, plugins: [lexerOnly] });
}

/** A worker, which is loaded only where somebody looks at a graph. */
export function boardLayout(): Promise<string> {
  return bundledScript('src/board/graph/worker.ts');
}
