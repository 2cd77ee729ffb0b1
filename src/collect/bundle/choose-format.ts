import { dirname, extname } from 'node:path';
import type { BundleOptions } from '../../types.ts';
import { createManifestReader } from '../package-manifest.ts';

/** The module format of the bundle: that of the entry, as Node would decide it, unless the user chose one. */
export async function chooseFormat(entry: string, wanted: BundleOptions['format']): Promise<'esm' | 'cjs'> {
  if (wanted !== 'auto') return wanted;
  const extension = extname(entry);
  if (extension.startsWith('.m')) return 'esm';
  if (extension.startsWith('.c')) return 'cjs';
  const readManifest = createManifestReader();
  for (let dir = dirname(entry); ; dir = dirname(dir)) {
    const manifest = await readManifest(dir);
    if (manifest) return manifest.type === 'module' ? 'esm' : 'cjs';
    if (dirname(dir) === dir) return 'cjs';
  }
}
