import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwnManifest } from '../../util/own-manifest.ts';
import type { PageAssets } from './make-page.ts';

/** Reads what `npm run build:page` made of the folder `client`. */
export async function readPageAssets(): Promise<PageAssets> {
  const folder = join(readOwnManifest().root, 'dist', 'report', 'html');
  const [script, style] = await Promise.all(
    ['page.js', 'page.css'].map(name => readFile(join(folder, name), 'utf8')),
  );
  // A script element ends where its text says so.
  return {
    script: (script ?? '').replaceAll('</script', '<\\/script').trimEnd(),
    style: (style ?? '').trimEnd(),
  };
}
