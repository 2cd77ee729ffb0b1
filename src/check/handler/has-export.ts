/**
 * Whether a JavaScript module exports `name`, by its text alone; null where that cannot be told, as of what is made at run time.
 * Only what is certain is said, since comments and strings are not told from code.
 */
export function hasNodeExport(text: string, name: string): boolean | null {
  const word = quote(name);
  const hasWord = new RegExp(`(?<![\\w$])${word}(?![\\w$])`).test(text);
  if (/\bexport\s*\*|__exportStar\(|__reExport\(/.test(text)) return hasWord ? true : null;
  const isEsm = /(?:^|[;}\s])export\s*(?:[{]|default\b|const\b|let\b|var\b|function\b|async\b|class\b)/.test(
    text,
  );
  if (isEsm) return hasEsmExport(text, word);
  if (!/\b(?:module|exports)\b|__export\(/.test(text)) return false;
  // `module.exports = {…}` lists names; anything else that is assigned to it may have any.
  if (!hasWord)
    return /\bmodule\s*\.\s*exports\s*=\s*(?![\s{])/.test(text) || /\.\.\./.test(text) ? null : false;
  return true;
}

function hasEsmExport(text: string, word: string): boolean | null {
  const declared = new RegExp(
    `export\\s+(?:async\\s+)?(?:const|let|var|function\\s*\\*?|class)\\s*${word}(?![\\w$])`,
  );
  const listed = new RegExp(`export\\s*\\{[^}]*(?<![\\w$])${word}(?:["']?\\s*(?:,|\\}))`);
  const quoted = new RegExp(`export\\s*\\{[^}]*["']${word}["']\\s*[,}]`);
  if (declared.test(text) || listed.test(text) || quoted.test(text)) return true;
  // `export const { handler } = …`, `export const a = 1, handler = …`
  const patterned = new RegExp(`export\\s+(?:const|let|var)\\s[^;]*(?<![\\w$])${word}(?![\\w$])`);
  return patterned.test(text) ? null : false;
}

/** The same of a Python module, where each binding counts at any depth, and what binds by itself leaves it open. */
export function hasPythonName(text: string, name: string): boolean | null {
  const word = quote(name);
  if (!new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text))
    return /import\s+\*|__getattr__|globals\(\)|setattr\(/.test(text) ? null : false;
  const bound = new RegExp(
    `^\\s*(?:(?:async\\s+)?def|class)\\s+${word}(?!\\w)|^\\s*${word}\\s*(?::[^=\\n]*)?=|\\bimport\\b[^\\n]*(?<!\\w)${word}(?!\\w)`,
    'm',
  );
  return bound.test(text) ? true : null;
}

function quote(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
