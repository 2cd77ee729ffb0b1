/** A logical line: strings without their content unless it could name a module, no comment, brackets joined to one line. */
export interface LogicalLine {
  readonly indent: number;
  readonly text: string;
}

/** What Python source is made of, as far as it matters where a line ends; of strings and comments only the beginning. */
const TOKEN = new RegExp(
  [
    /#/,
    /[rRbBuUfFtT]{0,2}(?<quote>"""|'''|"|')/,
    /\\\r?\n/, // a line that goes on
    /[()[\]{}]/,
    /\r?\n/,
    /\p{ID_Continue}{1,999}/u,
    /[^\p{ID_Continue}#"'\\()[\]{}\r\n]{1,999}/u,
    /[\s\S]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);

/** The logical lines of Python source. */
export function* splitLines(source: string): Generator<LogicalLine> {
  const tokens = new RegExp(TOKEN);
  let text = '';
  let depth = 0;
  for (let match = tokens.exec(source); match; match = tokens.exec(source)) {
    const [token] = match;
    const quote = match.groups?.quote;
    if (token === '#') tokens.lastIndex = findEnd(source, '\n', tokens.lastIndex);
    else if (quote) {
      const start = tokens.lastIndex;
      tokens.lastIndex = findStringEnd(source, quote, start);
      text += toBareString(source.slice(start, tokens.lastIndex), quote);
    } else if (/^\\\r?\n$/.test(token)) text += ' ';
    else if (/^\r?\n$/.test(token) && depth === 0) {
      yield toLine(text);
      text = '';
    } else {
      if ('([{'.includes(token)) depth++;
      if (')]}'.includes(token)) depth = Math.max(0, depth - 1);
      text += /\n/.test(token) ? ' ' : token;
    }
  }
  yield toLine(text);
}

function findEnd(source: string, end: string, from: number): number {
  const at = source.indexOf(end, from);
  return at < 0 ? source.length : at;
}

/** Behind the closing quote; a string that is never closed ends with its line, or with the file. */
function findStringEnd(source: string, quote: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === quote[0] && source.startsWith(quote, at)) return at + quote.length;
    else if (source[at] === '\n' && quote.length === 1) return at;
  }
  return source.length;
}

/** Module names in strings are all that matters of them. */
function toBareString(rest: string, quote: string): string {
  const content = rest.endsWith(quote) ? rest.slice(0, -quote.length) : '';
  return content.length < 999 && /^[\p{ID_Continue}.]+$/u.test(content) ? `"${content}"` : '""';
}

const TAB = 8;

function toLine(text: string): LogicalLine {
  const [space = ''] = /^\s*/.exec(text) ?? [];
  const indent = [...space].reduce(
    (sum, each) => (each === '\t' ? (Math.floor(sum / TAB) + 1) * TAB : sum + 1),
    0,
  );
  return { indent, text: text.slice(space.length) };
}
