/** A string without line breaks, and more of them behind `,` or `/`, as `join(a, "b", "c")` and `a / "b" / "c"` have them. */
const SEQUENCE = /(["'])([^"'\n\\]{1,200})\1(?:\s*[,/]\s*(["'])([^"'\n\\]{1,200})\3)*/g;
const STRING = /(["'])([^"'\n\\]{1,200})\1/g;

/**
 * The relative paths that literals of a Python file may name beside it: single strings, and those that are joined. None where the
 * file does not ask for its own place by `__file__`.
 */
export function listFileLiterals(source: string): readonly string[] {
  if (!source.includes('__file__')) return [];
  const paths = [...source.matchAll(SEQUENCE)].flatMap(([text]) => {
    const parts = [...text.matchAll(STRING)].map(([, , part = '']) => part);
    return [...parts, parts.join('/')];
  });
  return [...new Set(paths)].filter(path => !/^[/\\~]|^\.+$|(^|\/)\.\.(\/|$)/.test(path));
}
