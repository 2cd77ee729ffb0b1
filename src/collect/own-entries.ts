import { stat } from 'node:fs/promises';
import type { Finding } from '../findings.ts';
import type { BundledPackage, Entry, ResolvedFunction } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { toArtifactPath } from '../util/path.ts';
import type { Bundle } from './bundle/bundle-function.ts';
import { besideBundle, includeFiles } from './include-files.ts';
import { statFile } from './list-files.ts';
import { packageDirOf } from './package-path.ts';
import { toEntry } from './to-entry.ts';
import { toPlace } from './to-place.ts';
import type { OwnTrace } from './trace/trace-own-files.ts';

/** The bundle, the data files that the user's code reads, and those that the config includes. */
export interface OwnEntries {
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
  /** Of the sources and data as they lie in the project. */
  readonly sourceBytes: number;
  readonly sourceFiles: number;
}

/** Makes the entries that come from the user's own files; `packages` are those with code in the bundle. */
export async function ownEntries(
  fn: ResolvedFunction,
  bundle: Bundle,
  base: string,
  own: OwnTrace,
  packages: readonly BundledPackage[] = [],
): Promise<OwnEntries> {
  const bundled = bundleEntries(bundle, base, packages);
  const included = await includeFiles(fn, base, besideBundle(bundle.path));
  const assets: (Entry | Finding)[] = [];
  for (const [path, parents] of own.files) {
    assets.push(
      await toEntry(await statFile(path), base, {
        kind: 'asset',
        parents: parents.map(parent => toPlace(parent, [base])),
      }),
    );
  }
  const data = [...assets.filter(asset => 'kind' in asset), ...included.entries];
  const sources = await sizeOfSources(bundle);
  return {
    entries: [...bundled, ...data],
    findings: [...own.findings, ...included.findings, ...assets.filter(asset => 'code' in asset)],
    sourceBytes: sources.bytes + sumBytes(data),
    sourceFiles: sources.files + data.length,
  };
}

function bundleEntries(bundle: Bundle, base: string, packages: readonly BundledPackage[]): readonly Entry[] {
  const own = [...bundle.inputs.keys()].filter(path => !packageDirOf(path));
  const origin = { kind: 'entry', inputs: own.map(path => toPlace(path, [base])) } as const;
  const ofBundle = packages.length === 0 ? origin : { ...origin, packages };
  return bundle.files.map(({ path, data }) => {
    const source = { kind: 'memory', data } as const;
    return {
      kind: 'file',
      path: toArtifactPath(path),
      source,
      bytes: data.length,
      mode: 0o644,
      origin: path === bundle.path ? ofBundle : origin,
    };
  });
}

async function sizeOfSources(bundle: Bundle): Promise<{ bytes: number; files: number }> {
  const own = [...bundle.inputs.keys()].filter(path => !packageDirOf(path));
  const sizes = await Promise.all(own.map(path => stat(path).then(({ size }) => size)));
  return { bytes: sizes.reduce((sum, bytes) => sum + bytes, 0), files: own.length };
}
