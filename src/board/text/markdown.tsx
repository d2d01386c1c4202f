import { lexer, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';

/** Of what a text may link to; anything else is shown as text. */
const SAFE_LINK = /^(?:https?:|mailto:)/i;
/** Longer texts are shown as they are: agents write them, and a page must not stand still. */
const MOST_CHARACTERS = 20_000;
const DEEPEST = 30;

/** Shows a Markdown text by elements made one by one: HTML in it stays text, and images become links. */
export function Markdown({ text }: { text: string }) {
  if (text.length > MOST_CHARACTERS) return <pre class="markdown">{text}</pre>;
  return (
    <div class="markdown" dir="auto">
      {blocks(lexer(text), 0)}
    </div>
  );
}

type Render = (token: Token, depth: number) => ComponentChildren;

/** The parts of a token, or its text where it has none. */
function inside(token: Token, depth: number): ComponentChildren {
  const parts = 'tokens' in token ? token.tokens : undefined;
  if (parts === undefined || depth > DEEPEST) return 'text' in token ? token.text : token.raw;
  return blocks(parts, depth + 1);
}

const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;

// marked gives each token the shape of its type.
const RENDER: Readonly<Record<string, Render>> = {
  heading: (token, depth) => {
    // The page has the first two levels itself.
    const Heading = HEADINGS[(token as Tokens.Heading).depth - 1] ?? 'h6';
    return <Heading>{inside(token, depth)}</Heading>;
  },
  paragraph: (token, depth) => <p>{inside(token, depth)}</p>,
  blockquote: (token, depth) => <blockquote>{inside(token, depth)}</blockquote>,
  code: (token) => <pre>{(token as Tokens.Code).text}</pre>,
  codespan: (token) => <code>{(token as Tokens.Codespan).text}</code>,
  strong: (token, depth) => <strong>{inside(token, depth)}</strong>,
  em: (token, depth) => <em>{inside(token, depth)}</em>,
  del: (token, depth) => <del>{inside(token, depth)}</del>,
  br: () => <br />,
  hr: () => <hr />,
  space: () => null,
  def: () => null,
  link: (token, depth) => link((token as Tokens.Link).href, inside(token, depth)),
  image: (token) => link((token as Tokens.Image).href, (token as Tokens.Image).text || 'image'),
  list: (token, depth) => list(token as Tokens.List, depth),
  checkbox: (token) => ((token as Tokens.Checkbox).checked ? '☑ ' : '☐ '),
  table: (token, depth) => table(token as Tokens.Table, depth),
  escape: (token) => (token as Tokens.Escape).text,
};

function blocks(tokens: readonly Token[], depth: number): ComponentChildren {
  return tokens.map((token) => (RENDER[token.type] ?? inside)(token, depth));
}

function link(href: string, content: ComponentChildren): ComponentChildren {
  if (!SAFE_LINK.test(href)) return content;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {content}
    </a>
  );
}

function list({ ordered, start, items }: Tokens.List, depth: number): ComponentChildren {
  const rows = items.map((item) => <li>{inside(item, depth)}</li>);
  return ordered ? <ol start={Number(start) || 1}>{rows}</ol> : <ul>{rows}</ul>;
}

function table({ header, rows }: Tokens.Table, depth: number): ComponentChildren {
  const cells = (row: Tokens.TableCell[]) => row.map((cell) => <td>{blocks(cell.tokens, depth + 1)}</td>);
  return (
    <table>
      <thead>
        <tr>
          {header.map((cell) => (
            <th scope="col">{blocks(cell.tokens, depth + 1)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>{cells(row)}</tr>
        ))}
      </tbody>
    </table>
  );
}
