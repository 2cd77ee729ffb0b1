import { parsePreset } from '../../src/presets/parse-preset.ts';
import type { Preset, PresetLibrary } from '../../src/presets/schema.ts';
import { type Pruned, type PruneOptions, prune } from '../../src/prune/prune.ts';
import type { Arch, Entry, Origin, PackageInstance, Tree } from '../../src/types.ts';
import { compareCodeUnits, toArtifactPath } from '../../src/util/path.ts';
import { platformOf } from './preset-fixture.ts';

export const TRACED: Origin = { kind: 'traced', parents: ['handler.mjs'] };
export const BROUGHT: Origin = { kind: 'package', package: 'pkg@1.0.0', parents: [] };

/** A file of ten bytes. */
export function file(path: string, origin: Origin = BROUGHT): Entry {
  const source = { kind: 'memory', data: new Uint8Array(10) } as const;
  return { kind: 'file', path: toArtifactPath(path), source, bytes: 10, mode: 0o644, origin };
}

export function link(path: string, target: string): Entry {
  return { kind: 'link', path: toArtifactPath(path), target, origin: BROUGHT };
}

/** A tree of entries and of packages given as `name@version`, each in its folder of node_modules. */
export function makeTree(packages: readonly string[], entries: readonly Entry[]): Tree {
  return {
    entries: [...entries].sort((a, b) => compareCodeUnits(a.path, b.path)),
    packages: packages.map(label => {
      const at = label.lastIndexOf('@');
      const name = label.slice(0, at);
      return instance(name, label.slice(at + 1), `node_modules/${name}`);
    }),
    removals: [],
  };
}

export function instance(name: string, version: string, dir: string): PackageInstance {
  return { ecosystem: 'npm', name, version, dir, owns: null };
}

/** A preset for `pkg`, unless told otherwise. */
export function makePreset(data: Readonly<Record<string, unknown>>, place: Partial<Preset> = {}): Preset {
  const parsed = parsePreset(JSON.stringify({ package: 'pkg', ecosystem: 'npm', ...data }), 'pkg.json');
  return { ...parsed, name: 'pkg', file: 'pkg.json', user: false, ...place };
}

export interface PruneCase extends Partial<Omit<PruneOptions, 'library'>> {
  readonly presets: readonly Preset[];
  readonly alwaysKeep?: PresetLibrary['alwaysKeep'];
  readonly arch?: Arch;
}

export function pruneTree(
  tree: Tree,
  { presets, alwaysKeep = [], arch = 'x64', ...options }: PruneCase,
): Pruned {
  const defaults = { level: 'safe', disable: [], enable: [], keep: [] } as const;
  return prune(tree, { ...defaults, ...options, library: { presets, alwaysKeep } }, platformOf(arch));
}

export function keptPaths({ tree }: Pruned): readonly string[] {
  return tree.entries.map(({ path }) => path);
}
