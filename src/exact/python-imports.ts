/** One module that Python source may import. */
export interface PythonImport {
  /** Dots in front: 0 is absolute, 1 the package that the file is in, 2 the one above. */
  readonly level: number;
  /** Dotted; empty for `from . import a`. */
  readonly module: string;
  /** After `import` in `from … import`: attributes or submodules. */
  readonly names: readonly string[];
}

/** A logical line: strings without their content unless it could name a module, no comment, brackets joined to one line. */
interface LogicalLine {
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

const IMPORT = /(?:^|[:;])\s*import\s+([^;]+)/gu;
const FROM = /(?:^|[:;])\s*from\b\s*([.\s]*)([\p{ID_Continue}.]*)\s*\bimport\b([^;]*)/gu;
const BY_NAME = /\b(?:import_module|__import__)\s*\(\s*"(\.*)([\p{ID_Continue}.]+)"/gu;
const TYPE_CHECKING = /^(?:el)?if\s*\(?\s*(?:\w+\s*\.\s*)?TYPE_CHECKING\s*\)?\s*:/;

/**
 * What a Python file may import, wherever the statement stands: in a function, in `try` or under an `if`, but for
 * `if TYPE_CHECKING`, which no run enters. Modules named to `import_module` in a string count.
 */
export function listPythonImports(source: string): readonly PythonImport[] {
  const found: PythonImport[] = [];
  let skipped = Number.POSITIVE_INFINITY;
  for (const { indent, text } of splitLines(source)) {
    if (text === '' || indent > skipped) continue;
    skipped = TYPE_CHECKING.test(text) ? indent : Number.POSITIVE_INFINITY;
    if (skipped < Number.POSITIVE_INFINITY) continue;
    for (const each of readLine(text)) found.push(each);
  }
  return found;
}

function readLine(text: string): readonly PythonImport[] {
  if (!text.includes('import')) return [];
  const plain = [...text.matchAll(IMPORT)].flatMap(([, modules = '']) =>
    splitNames(modules).map(module => ({ level: 0, module, names: [] })),
  );
  const from = [...text.matchAll(FROM)].map(([, dots = '', module = '', names = '']) => ({
    level: dots.replace(/\s/g, '').length,
    module,
    names: splitNames(names.replace(/[()]/g, ' ')),
  }));
  const byName = [...text.matchAll(BY_NAME)].map(([, dots = '', module = '']) => ({
    level: dots.length,
    module,
    names: [],
  }));
  return [...plain, ...from, ...byName];
}

/** `a.b as c, d` is `a.b` and `d`. */
function splitNames(list: string): readonly string[] {
  return list.split(',').flatMap(part => /^\s*([\p{ID_Continue}.]+|\*)/u.exec(part)?.[1] ?? []);
}

function* splitLines(source: string): Generator<LogicalLine> {
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
