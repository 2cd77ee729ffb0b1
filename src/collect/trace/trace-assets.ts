import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { orNull } from '../../util/fs.ts';
import { toPosix } from '../../util/path.ts';
import { needsItsPlace } from '../bundle/own-files-plugin.ts';
import { packageDirOf } from '../package-path.ts';

const CODE = new Set(['.ts', '.mts', '.cts', '.tsx', '.jsx', '.js', '.mjs', '.cjs']);

/** Data files that the user's own code reads beside itself, such as `join(__dirname, 'labels.json')`, with who reads them. */
export async function traceAssets(
  inputs: Iterable<string>,
  base: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const assets = new Map<string, string[]>();
  for (const file of inputs) {
    if (packageDirOf(file) || !CODE.has(extname(file))) continue;
    const code = await orNull(readFile(file, 'utf8'));
    if (code === null || !needsItsPlace(code)) continue;
    for (const asset of await assetsOf(file, code, base)) {
      assets.set(asset, [...(assets.get(asset) ?? []), file]);
    }
  }
  return assets;
}

async function assetsOf(file: string, code: string, base: string): Promise<readonly string[]> {
  const [{ nodeFileTrace }, { transform }] = await Promise.all([import('@vercel/nft'), import('esbuild')]);
  const loader = /\.[cm]?tsx?$/.test(file) ? (file.endsWith('x') ? 'tsx' : 'ts') : 'jsx';
  const plain = (await transform(code, { loader, target: 'node20' })).code;
  const { fileList } = await nodeFileTrace([file], {
    base,
    processCwd: base,
    readFile: async path => (path === file ? plain : await orNull(readFile(path))),
    // Modules are the bundler's business; only assets are wanted here.
    resolve: async () => [],
  });
  // The tracer names the package.json that decides the module type; the bundle's extension says that already.
  const isAsset = (path: string): boolean =>
    !CODE.has(extname(path)) &&
    !packageDirOf(path) &&
    (basename(path) !== 'package.json' || code.includes('package.json'));
  return [...fileList].map(path => toPosix(join(base, path))).filter(isAsset);
}
