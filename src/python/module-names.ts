import type { PythonImport } from './imports.ts';

/** Ends of files that are a module; what stands before the first of them is its path. */
const MODULE = /^(.*?)(?:\.(?:cpython-[\w-]+|abi3|pypy[\w-]+))?\.(?:py|pyc|so)$/;

/** `a/b` for `a/b.py` and `a/b/__init__.py`; null for what is no module. */
export function moduleOf(path: string): string | null {
  const name = path.includes('__pycache__/') ? null : (MODULE.exec(path)?.[1] ?? null);
  return name?.replace(/(^|\/)__init__$/, '') ?? null;
}

/**
 * The modules that an import in the file `path` may mean, as `a/b`. A module is imported with all packages above it; what stands
 * after `from` and `import` may be a module or an attribute.
 */
export function modulesNamed(
  { level, module, names }: Omit<PythonImport, 'isGuarded'>,
  path: string,
): readonly string[] {
  const folders = path.split('/').slice(0, -1);
  if (level - 1 > folders.length) return [];
  const base = level === 0 ? [] : folders.slice(0, folders.length - level + 1);
  const parts = [...base, ...module.split('.').filter(Boolean)];
  const above = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return [...above, ...names.flatMap(name => (name === '*' ? [] : [[...parts, name].join('/')]))];
}
