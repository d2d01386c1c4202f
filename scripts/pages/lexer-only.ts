import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Where the lexer of marked ends and its instance for everybody begins, which keeps its renderers in each bundle. */
const INSTANCE = /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse/;
const LEXER = /(\w+) as Lexer\b/;

/** Takes nothing of marked into a bundle but `lexer`; fails where marked is built otherwise. */
export const lexerOnly: Plugin = {
  name: 'lexer-only',
  setup({ onLoad }) {
    onLoad({ filter: /marked\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const end = text.search(INSTANCE);
      const [, lexer] = LEXER.exec(text) ?? [];
      if (end < 0 || lexer === undefined) throw new Error(`${path} has no lexer where one is looked for`);
      return { contents: `${text.slice(0, end)}export const lexer=text=>${lexer}.lex(text);` };
    });
  },
};
