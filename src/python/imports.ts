import { splitLines } from './logical-lines.ts';

/** One module that Python source may import. */
export interface PythonImport {
  /** Dots in front: 0 is absolute, 1 the package that the file is in, 2 the one above. */
  readonly level: number;
  /** Dotted; empty for `from . import a`. */
  readonly module: string;
  /** After `import` in `from … import`: attributes or submodules. */
  readonly names: readonly string[];
  /** True under `try`, `except` and `if`: the code may do without it. */
  readonly isGuarded: boolean;
}

const IMPORT = /(?:^|[:;])\s*import\s+([^;]+)/gu;
const FROM = /(?:^|[:;])\s*from\b\s*([.\s]*)([\p{ID_Continue}.]*)\s*\bimport\b([^;]*)/gu;
const BY_NAME = /\b(?:import_module|__import__)\s*\(\s*"(\.*)([\p{ID_Continue}.]+)"/gu;
const GUARD = /^(?:try|except|else|elif|if|finally)\b/;
const TYPE_CHECKING = /^(?:el)?if\s*\(?\s*(?:\w+\s*\.\s*)?TYPE_CHECKING\s*\)?\s*:/;

/**
 * What a Python file may import, wherever the statement stands: in a function, in `try` or under an `if`, but for
 * `if TYPE_CHECKING`, which no run enters. Modules named to `import_module` in a string count.
 */
export function listPythonImports(source: string): readonly PythonImport[] {
  const found: PythonImport[] = [];
  let skipped = Number.POSITIVE_INFINITY;
  let guarded = Number.POSITIVE_INFINITY;
  for (const { indent, text } of splitLines(source)) {
    if (text === '' || indent > skipped) continue;
    skipped = TYPE_CHECKING.test(text) ? indent : Number.POSITIVE_INFINITY;
    if (skipped < Number.POSITIVE_INFINITY) continue;
    if (indent <= guarded) guarded = GUARD.test(text) ? indent : Number.POSITIVE_INFINITY;
    for (const each of readLine(text)) found.push({ ...each, isGuarded: guarded < Number.POSITIVE_INFINITY });
  }
  return found;
}

function readLine(text: string): readonly Omit<PythonImport, 'isGuarded'>[] {
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
