import { type SystemLibraries, systemLibrariesOf } from '../../platform/system-libraries.ts';
import type { Platform } from '../../types.ts';
import type { Candidate } from './candidate.ts';
import { type LoadGraph, makeLoadGraph } from './load-graph.ts';
import { nameOf } from './name-parts.ts';
import type { FileSystem } from './place-files.ts';
import type { Resolution } from './resolve-need.ts';
import type { PlacedFile } from './types.ts';

/** Everything that judging one candidate may look at. */
export interface World extends LoadGraph {
  readonly fs: FileSystem;
  readonly platform: Platform;
  readonly system: SystemLibraries;
  /** Candidates by file name and by SONAME. */
  readonly byName: ReadonlyMap<string, readonly PlacedFile[]>;
  /** Names of libraries that are there in some version, without it: `libssl`. */
  readonly stems: ReadonlySet<string>;
}

/** A library under any version: code that loads by name tries several. */
export function stemOf(name: string): string {
  return nameOf(name).replace(/\.so\b.*$/, '');
}

/** What a file's needs resolve to, by name. */
export function needsOf(file: PlacedFile, world: World): ReadonlyMap<string, Resolution> {
  return world.needs.get(file) ?? new Map();
}

/** Resolves every need of every candidate once. */
export function makeWorld(fs: FileSystem, platform: Platform, candidates: readonly Candidate[]): World {
  const system = systemLibrariesOf(platform.runtime);
  const byName = new Map<string, PlacedFile[]>();
  for (const { file, facts } of candidates) {
    for (const name of new Set([nameOf(file.at), ...(facts.soname === null ? [] : [facts.soname])])) {
      const same = byName.get(name);
      if (same) same.push(file);
      else byName.set(name, [file]);
    }
  }
  const names = [...byName.keys(), ...system.present, ...system.uncertain, ...fs.compressed];
  return {
    ...makeLoadGraph(fs, system, candidates),
    fs,
    platform,
    system,
    byName,
    stems: new Set(names.map(stemOf)),
  };
}
