import { readFileSync } from 'node:fs';
import type { Entry, FileEntry } from '../types.ts';
import { explainSource } from '../util/explain-source.ts';
import { listPythonImports, type PythonImport } from './python-imports.ts';

/** Ends of files that are a module; what stands before the first of them is its path. */
const MODULE = /^(.*?)(?:\.(?:cpython-[\w-]+|abi3|pypy[\w-]+))?\.(?:py|pyc|so)$/;

/** Makes the question "which files does this one import?", for the `.py` files of a tree whose root is on `sys.path`. */
export function makePythonGraph(entries: readonly Entry[]): (path: string) => readonly string[] {
  const files = new Map<string, FileEntry>();
  const modules = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.kind === 'link') continue;
    files.set(entry.path, entry);
    const name = moduleOf(entry.path);
    if (name === null) continue;
    modules.set(name, [...(modules.get(name) ?? []), entry.path]);
  }
  return path => {
    const file = files.get(path);
    if (!file || !path.endsWith('.py')) return [];
    const names = listPythonImports(readText(file)).flatMap(found => namesOf(found, path));
    return [...new Set(names)].flatMap(name => modules.get(name) ?? []).filter(other => other !== path);
  };
}

/** `a/b` for `a/b.py` and `a/b/__init__.py`; null for what is no module. */
function moduleOf(path: string): string | null {
  const name = path.includes('__pycache__/') ? null : (MODULE.exec(path)?.[1] ?? null);
  return name?.replace(/(^|\/)__init__$/, '') ?? null;
}

/** A module is imported with all packages above it. What stands after `from` and `import` may be a module or an attribute. */
function namesOf({ level, module, names }: PythonImport, path: string): readonly string[] {
  const folders = path.split('/').slice(0, -1);
  if (level - 1 > folders.length) return [];
  const base = level === 0 ? [] : folders.slice(0, folders.length - level + 1);
  const parts = [...base, ...module.split('.').filter(Boolean)];
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return [...above, ...names.flatMap(name => (name === '*' ? [] : [[...parts, name].join('/')]))];
}

/** Names of modules are ASCII nearly always; in a file of another encoding the others are not found. */
function readText({ source }: FileEntry): string {
  if (source.kind === 'memory') return Buffer.from(source.data).toString();
  return explainSource(source.path, () => readFileSync(source.path, 'utf8'));
}
