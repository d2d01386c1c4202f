import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { toolList } from '../src/mcp/build/tool-list.ts';
import { describeService } from '../src/rest/openapi/document.ts';
import { clientSchema } from './client/types.ts';
import { Problem, runMain } from './local/problem.ts';
import { ROOT } from './local/worker-build.ts';
import { boardHtml, boardLayout, boardScript } from './pages/board-files.ts';
import { errorsPage } from './pages/errors-page.ts';
import { graphPage } from './pages/graph-page.ts';
import { referenceHtml, referenceScript, referenceStyle } from './pages/reference-files.ts';
import { statesPage } from './pages/states-page.ts';

const document = await describeService(manifest.version);

const GENERATED: Readonly<Record<string, () => Promise<string>>> = {
  'src/rest/assets/openapi.json': async () => `${JSON.stringify(document, null, 1)}\n`,
  'src/mcp/tool-list.json': async () => `${JSON.stringify(await toolList(), null, 1)}\n`,
  'src/rest/assets/docs.html': async () => referenceHtml(document),
  'src/rest/assets/docs.css': referenceStyle,
  'src/rest/assets/docs.js': referenceScript,
  // The board is built with it.
  'client/schema.ts': () => clientSchema(document),
  'src/rest/assets/board.html': boardHtml,
  'src/rest/assets/board.js': boardScript,
  'src/rest/assets/board-layout.js': boardLayout,
  'docs/errors.md': async () => errorsPage(),
  'docs/states.md': async () => statesPage(),
  'docs/graph.md': async () => graphPage(await readFile(path.join(ROOT, 'docs/graph.md'), 'utf8')),
};

/** Writes the files made from the code; with --check, fails if one is out of date. */
await runMain(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const outdated: string[] = [];
  for (const [name, make] of Object.entries(GENERATED)) {
    const file = path.join(ROOT, name);
    const made = await make();
    if (made === (await readFile(file, 'utf8').catch(() => ''))) continue;
    outdated.push(name);
    if (!values.check) await writeFile(file, made);
  }
  if (values.check && outdated.length > 0)
    throw new Problem(`${outdated.join(', ')} does not match the code: run npm run generate and commit it`);
  console.log(outdated.length === 0 ? 'Generated files are in step' : `Written: ${outdated.join(', ')}`);
});
