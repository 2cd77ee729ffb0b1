import { splitLines } from './logical-lines.ts';

const CALL = /\b(?:import_module|__import__)\s*\(\s*(?!\s*"[\w.]+"\s*[,)])/;
const ARGUMENT =
  /\b(?:import_module|__import__)\s*\(\s*[rfRF]{0,2}(["'])([A-Za-z_][\w.]*)\.(?:\1\s*[+%]|[{%])/g;

/** Modules that are imported by a name made at run time. */
export interface ComputedImports {
  /** Packages, as `a/b`, whose modules are meant: `import_module(f"a.b.{name}")`. */
  readonly folders: readonly string[];
  /** True where some name says nothing of what is meant. */
  readonly isOpen: boolean;
}

/** Finds what a Python file imports by a computed name. */
export function findComputedImports(source: string): ComputedImports {
  if (!/import_module|__import__/.test(source)) return { folders: [], isOpen: false };
  const calls = [...splitLines(source)].filter(({ text }) => CALL.test(text)).length;
  if (calls === 0) return { folders: [], isOpen: false };
  const folders = [...source.matchAll(ARGUMENT)].map(([, , name = '']) => name.replaceAll('.', '/'));
  return { folders: [...new Set(folders)], isOpen: calls > folders.length };
}
