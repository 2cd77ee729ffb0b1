import { readFileSync } from 'node:fs';
import { listPythonImports } from '../python/imports.ts';
import { moduleOf, modulesNamed } from '../python/module-names.ts';
import type { Entry, FileEntry } from '../types.ts';
import { explainSource } from '../util/explain-source.ts';

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
    const names = listPythonImports(readText(file)).flatMap(found => modulesNamed(found, path));
    return [...new Set(names)].flatMap(name => modules.get(name) ?? []).filter(other => other !== path);
  };
}

/** Names of modules are ASCII nearly always; in a file of another encoding the others are not found. */
function readText({ source }: FileEntry): string {
  if (source.kind === 'memory') return Buffer.from(source.data).toString();
  return explainSource(source.path, () => readFileSync(source.path, 'utf8'));
}
