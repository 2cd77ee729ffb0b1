import { relative } from 'node:path';
import type { Finding } from '../../findings.ts';
import type { ResolvedFunction } from '../../types.ts';
import { toPosix } from '../../util/path.ts';
import type { Bundle } from '../bundle/bundle-function.ts';
import type { ExternalImport } from '../bundle/externals-plugin.ts';
import { isShadowing } from '../is-shadowing.ts';
import { neverAssets } from './never-assets.ts';
import { isCode, isUncompiled } from './plain-code.ts';
import { type NamedFile, traceAssets } from './trace-assets.ts';
import { type RunByPath, traceRunByPath } from './trace-run-by-path.ts';

type Named = Pick<NamedFile, 'path' | 'reader'>;

/** Files of the user that have to lie beside the bundle, since code names them by path. */
export interface OwnTrace {
  /** Absolute, with the files that ask for them. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** What those of them that are code take from packages. */
  readonly externals: readonly ExternalImport[];
  readonly findings: readonly Finding[];
}

/** Finds the data that the user's code reads, and the code that it runs by path, with all that needs in turn. */
export async function traceOwnFiles(
  fn: ResolvedFunction,
  bundle: Pick<Bundle, 'inputs' | 'path'>,
  { base, installDir }: { readonly base: string; readonly installDir: string },
): Promise<OwnTrace> {
  const isNever = neverAssets(base, fn.root);
  const place = (path: string): string => toPosix(relative(base, path));
  const named = await traceAssets(bundle.inputs.keys(), base, isNever);
  const isStarted = (path: string): boolean =>
    isCode(path) && place(path) !== bundle.path && !isOutside(place(path));
  const follow = (files: readonly NamedFile[]): Promise<RunByPath> => {
    const entries = new Set(files.map(({ path }) => path).filter(isStarted));
    return traceRunByPath([...entries], base, installDir, isNever);
  };
  const near = await follow(named.filter(({ isNear }) => isNear));
  const apart = await follow(named.filter(({ isNear }) => !isNear));
  const all = [...named, ...near.files, ...apart.files].filter(({ path }) => place(path) !== bundle.path);
  const twice = new Set(
    near.files.map(({ path }) => path).filter(path => bundle.inputs.has(path) && isCode(path)),
  );
  const whyLost = (path: string): Reason | null =>
    isOutside(place(path)) ? 'outside' : isShadowing(place(path), bundle.path) ? 'beside-handler' : null;
  return {
    files: groupByPath(all.filter(({ path }) => whyLost(path) === null)),
    externals: [...near.externals, ...apart.externals],
    findings: tellTroubles(all, path => whyLost(path) ?? (twice.has(path) ? 'twice' : null), place),
  };
}

type Reason = Extract<Finding, { code: 'OWN_CODE_BY_PATH' }>['reason'];

function isOutside(place: string): boolean {
  return place.startsWith('..');
}

function groupByPath(files: readonly Named[]): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>();
  for (const { path, reader } of files)
    readers.set(path, [...new Set([...(readers.get(path) ?? []), reader])]);
  return readers;
}

/** One finding for each file that is left out, or that cannot be run as it lies in the project. */
function tellTroubles(
  files: readonly Named[],
  whyTold: (path: string) => Reason | null,
  place: (path: string) => string,
): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const file of files) {
    const reason = whyTold(file.path) ?? (isUncompiled(file.path) ? 'uncompiled' : null);
    if (!reason || findings.has(file.path)) continue;
    const [path, reader] = [place(file.path), place(file.reader)];
    findings.set(file.path, { code: 'OWN_CODE_BY_PATH', level: 'warning', path, reader, reason });
  }
  return [...findings.values()];
}
