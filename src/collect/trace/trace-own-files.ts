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
import { traceRunByPath } from './trace-run-by-path.ts';

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
  const started = new Set(named.map(({ path }) => path).filter(path => isCode(path) && place(path) !== bundle.path));
  const run = await traceRunByPath([...started], base, installDir, isNever);
  const all = [...named, ...run.files].filter(({ path }) => place(path) !== bundle.path);
  const isLost = ({ path }: NamedFile): boolean => isShadowing(place(path), bundle.path);
  return {
    files: groupByPath(all.filter(file => !isLost(file))),
    externals: run.externals,
    findings: tellUnrunnable(all, isLost, place),
  };
}

function groupByPath(files: readonly NamedFile[]): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>();
  for (const { path, reader } of files) readers.set(path, [...new Set([...(readers.get(path) ?? []), reader])]);
  return readers;
}

/** One finding for each file that is run by path and cannot be, as it lies in the project. */
function tellUnrunnable(
  files: readonly NamedFile[],
  isLost: (file: NamedFile) => boolean,
  place: (path: string) => string,
): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const file of files) {
    const reason = isLost(file) ? 'beside-handler' : isUncompiled(file.path) ? 'uncompiled' : null;
    if (!reason || findings.has(file.path)) continue;
    const [path, reader] = [place(file.path), place(file.reader)];
    findings.set(file.path, { code: 'OWN_CODE_BY_PATH', level: 'warning', path, reader, reason });
  }
  return [...findings.values()];
}
