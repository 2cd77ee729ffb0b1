import { readFile } from 'node:fs/promises';
import { SlimError } from '../../errors.ts';
import type { ResolvedFunction } from '../../types.ts';

/** esbuild's note for Node's CommonJS lexer, in its plain and its minified form. */
const EXPORTS_NOTE = /0\s*&&\s*\(\s*module\.exports\s*=\s*\{([^}]*)\}/;

/**
 * Throws `HANDLER_EXPORT_MISSING` when the entry surely lacks the handler. Where the exports cannot be listed
 * (`module.exports = …`, `export * from` a package) the name only has to occur in the source.
 */
export async function checkExport(
  fn: ResolvedFunction,
  bundle: string,
  exports: readonly string[],
): Promise<void> {
  const name = fn.handlerExport.split('.')[0] as string;
  const listed = exports.length > 0 ? exports : listNoted(bundle);
  if (listed.includes(name)) return;
  const source = await readFile(fn.entry, 'utf8');
  const isOpen = /\bexport\s*\*/.test(source) || listed.length === 0 || listed.includes('default');
  if (isOpen && (source.includes(name) || /\bexport\s*\*|module\.exports\s*=/.test(source))) return;
  throw new SlimError('HANDLER_EXPORT_MISSING', [name, fn.entry, listed]);
}

function listNoted(bundle: string): readonly string[] {
  const names = EXPORTS_NOTE.exec(bundle)?.[1] ?? '';
  return names
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
}
