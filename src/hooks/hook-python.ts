import { posix } from 'node:path';
import type { Entry, FileEntry } from '../types.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { toArtifactPath } from '../util/path.ts';
import { readEntryText } from './read-entry-text.ts';
import type { Hook } from './types.ts';

/** What another shim put in the place of a package; it may be longer by a line. */
const STUB = 'import lambda_slim_libraries\n';

/**
 * Puts a hook in the place of the first module that Python runs on its way to the handler: the outermost package around it, or the
 * module itself. The hook loads the shim and runs the module's own code, under its own name, in its own place.
 */
export async function hookPython(
  entries: readonly Entry[],
  handler: string,
  hook: Hook,
): Promise<readonly Entry[]> {
  const module = findFirst(entries, handler, hook);
  const { dir, name } = posix.parse(module.path);
  const place = posix.join(dir, `${name}.py`);
  const first = (code: string): Entry => generatedEntry(place, Buffer.from(code), hook.by);
  if (module.source.kind === 'memory') {
    const code = await readEntryText(module);
    if (code.startsWith(STUB))
      return entries.map(entry => (entry === module ? first(`import ${hook.module}\n${code}`) : entry));
  }
  // Bytecode that is not checked would be taken for that of the hook.
  const bytecode = posix.join(dir, '__pycache__', `${name}.`);
  const moved = entries.map(entry =>
    entry === module || (entry.path.startsWith(bytecode) && entry.path.endsWith('.pyc'))
      ? { ...entry, path: toArtifactPath(`${hook.folder}/${entry.path}`) }
      : entry,
  );
  const code = `import ${hook.module}\n\n${hook.module}.run(${JSON.stringify(module.path)}, globals())\n`;
  return [...moved, first(code)];
}

function findFirst(entries: readonly Entry[], handler: string, { refuse }: Hook): FileEntry {
  const stem = handler.slice(0, handler.lastIndexOf('.')).replaceAll('.', '/');
  const names = stem.split('/');
  const packages = names.map((_, at) => `${names.slice(0, at + 1).join('/')}/__init__.py`);
  for (const path of [...packages, `${stem}.py`].flatMap(source => [source, `${source}c`])) {
    const entry = entries.find(each => each.path === path);
    if (entry?.kind === 'file') return entry;
  }
  return refuse(`${stem}.py is not in the artifact`);
}
