import { dirname, join, relative } from 'node:path';
import type { ResolvedFunction } from '../../types.ts';
import { exists } from '../../util/fs.ts';
import type { Dependencies } from '../install/resolve-dependencies.ts';
import type { HintsOf } from '../package-hints.ts';
import type { ReadManifest } from '../package-manifest.ts';
import { findPackage, packageDirOf } from '../package-path.ts';
import { findNativeReason } from './decide-external.ts';
import type { ExternalsOptions } from './externals-plugin.ts';

/** Decides by config, presets and manifests which packages stay outside the bundle, and where imports are looked up. */
export function externalPolicy(
  fn: ResolvedFunction,
  { base, installDir }: Pick<Dependencies, 'base' | 'installDir'>,
  hintsOf: HintsOf,
  readManifest: ReadManifest,
): ExternalsOptions {
  const mirror = (dir: string): string => join(installDir, relative(base, dir));
  return {
    bundleResolveDir: mirror(fn.root),
    installDir,
    isMirrored: installDir !== base,
    isModule: async dir => (await readManifest(dir))?.type === 'module',
    nameOf: async dir => (await readManifest(dir))?.name ?? '',
    externalReason: async dir => {
      const manifest = await readManifest(dir);
      if (fn.bundle === false) return 'bundling is off';
      if (!manifest) return 'it has no package.json';
      if (fn.external.includes(manifest.name)) return 'the config says so';
      const hints = hintsOf(manifest);
      return hints.external ?? (hints.bundle ? null : findNativeReason(manifest));
    },
    isExternal: name => name !== null && fn.external.includes(name),
    isTrusted: async dir => {
      const manifest = await readManifest(dir);
      return manifest !== null && hintsOf(manifest).bundle;
    },
    resolveDirOf: async importerDir => {
      let dir = importerDir;
      while (dir !== base && !(await exists(mirror(dir)))) dir = dirname(dir);
      return mirror(dir);
    },
    localDirOf: async (name, resolveDir) => {
      const found = installDir === base ? null : await findPackage(name, resolveDir);
      if (!found || packageDirOf(found.dir)) return null;
      const inside = relative(installDir, found.dir);
      return inside.startsWith('..') ? null : join(base, inside);
    },
  };
}
