import { dirname, join } from 'node:path';
import type { ResolvedFunction, Tree } from '../types.ts';
import { exists } from '../util/fs.ts';
import type { Bundle } from './bundle/bundle-function.ts';
import type { Dependencies } from './install/resolve-dependencies.ts';
import { packageDirOf } from './package-path.ts';

/** Files above the sources that change how they are compiled or resolved. */
const SETTINGS = ['package.json', 'tsconfig.json', 'jsconfig.json'];

/** Every file whose change could change the tree; absolute. New files are noticed by the folders of these. */
export async function listInputs(
  fn: ResolvedFunction,
  bundle: Bundle,
  dependencies: Dependencies,
  tree: Tree,
): Promise<readonly string[]> {
  const sources = [...bundle.inputs.keys()];
  const folders = new Set([fn.root, dependencies.base]);
  for (const file of sources.filter(path => !packageDirOf(path))) {
    for (let dir = dirname(file); !folders.has(dir); dir = dirname(dir)) folders.add(dir);
  }
  const settings = [...folders].flatMap(dir => SETTINGS.map(name => join(dir, name)));
  const present = await Promise.all(settings.map(async path => ((await exists(path)) ? [path] : [])));
  return [
    fn.entry,
    ...sources,
    ...present.flat(),
    ...(dependencies.lockfile ? [dependencies.lockfile] : []),
    ...dependencies.compiledFrom,
    ...dependencies.installed.packages.map(({ manifest }) => join(manifest.dir, 'package.json')),
    ...tree.entries.flatMap(entry =>
      entry.kind === 'file' && entry.source.kind === 'disk' ? [entry.source.path] : [],
    ),
  ];
}
