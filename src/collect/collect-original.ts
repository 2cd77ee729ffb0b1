import { extname, join, relative } from 'node:path';
import fastGlob from 'fast-glob';
import type { ArtifactPath, Context, Entry, Origin, ResolvedFunction } from '../types.ts';
import { compareCodeUnits, toPosix } from '../util/path.ts';
import { mapPool } from '../util/pool.ts';
import { type Bundled, bundleWithDependencies } from './bundle-with-dependencies.ts';
import { chooseImage } from './install/image/choose-image.ts';
import { leaveNodeModules } from './leave-node-modules.ts';
import { listPackageFiles, statFile } from './list-files.ts';
import { ownEntries } from './own-entries.ts';
import type { HintsOf } from './package-hints.ts';
import { createManifestReader } from './package-manifest.ts';
import { packageDirOf } from './package-path.ts';
import { collectPythonOriginal } from './python/collect-python-original.ts';
import { toEntry } from './to-entry.ts';
import { vendoredEntries } from './vendored/vendored-entries.ts';

/** The function as it would be deployed without lambda-slim. */
export interface Original {
  readonly entries: readonly Entry[];
  /** Lambda's `Handler` setting. */
  readonly handler: string;
}

/** Never deployed by anybody; packages come from where they were installed for the target. */
const NEVER = ['**/node_modules/**', '**/.git/**', '**/lambda-slim-out/**'];

const ORIGIN: Origin = { kind: 'generated', by: 'original' };

/** Files opened at a time. */
const OPEN_FILES = 32;

/**
 * Gathers everything of an unslimmed function: every production package whole, and every file of the project. Code that Node
 * cannot run as it is gets compiled into one file, packages aside.
 */
export async function collectOriginal(
  function_: ResolvedFunction,
  hintsOf: HintsOf,
  context: Context,
): Promise<Original> {
  if (function_.platform.runtime.language === 'python') return collectPythonOriginal(function_, context);
  const fn = { ...(await leaveNodeModules(function_, context)), bundle: false as const, exclude: [] };
  const bundled = await bundleWithDependencies({
    fn,
    hintsOf,
    readManifest: createManifestReader(),
    context,
  });
  const { bundle, dependencies, packages } = bundled;
  const { base } = dependencies;
  const own = await ownEntries(fn, bundle, base, bundle.own);
  const handler = bundle.runsAsIs ? handlerAsIs(fn, base) : null;
  const compiled = new Set<string>(handler ? bundle.files.map(({ path }) => path) : []);
  const entries = [
    ...own.entries.filter(({ path }) => !compiled.has(path)),
    ...packages.entries,
    ...(await packageEntries(bundled)),
    ...(await projectEntries(fn, bundled)),
  ];
  const vendored = await vendoredEntries(dependencies.libraries, entries, chooseImage(fn));
  return { entries: firstOfEach([...entries, ...vendored.entries]), handler: handler ?? bundle.handler };
}

/** Null where the file's name has a dot, so that no `Handler` setting could name it. */
function handlerAsIs(fn: ResolvedFunction, base: string): string | null {
  const path = toPosix(relative(base, fn.entry));
  const stem = path.slice(0, path.length - extname(path).length);
  return /\.[^/]*$/.test(stem) ? null : `${stem}.${fn.handlerExport}`;
}

/** Every file of every production package, imported or not. */
async function packageEntries({ dependencies }: Bundled): Promise<readonly Entry[]> {
  const { installed, installDir } = dependencies;
  const lists = await mapPool(installed.packages, OPEN_FILES, ({ found }) => listPackageFiles(found.dir));
  const made = await mapPool(lists.flat(), OPEN_FILES, file => toEntry(file, installDir, ORIGIN));
  return made.filter(entry => 'kind' in entry);
}

/** The user's own files: those of the function's folder, and what its code imports from beside it. */
async function projectEntries(
  fn: ResolvedFunction,
  { bundle, dependencies }: Bundled,
): Promise<readonly Entry[]> {
  const found = await fastGlob('**', {
    cwd: fn.root,
    dot: true,
    absolute: true,
    followSymbolicLinks: false,
    ignore: NEVER,
  });
  const imported = [...bundle.inputs.keys()].filter(path => packageDirOf(path) === null);
  const paths = [...new Set([...found, ...imported])].filter(path => isInside(path, dependencies.base));
  const made = await mapPool(paths, OPEN_FILES, async path =>
    toEntry(await statFile(path), dependencies.base, ORIGIN),
  );
  return made.filter(entry => 'kind' in entry);
}

function isInside(path: string, dir: string): boolean {
  return toPosix(path).startsWith(`${toPosix(join(dir, '.'))}/`);
}

function firstOfEach(entries: readonly Entry[]): readonly Entry[] {
  const byPath = new Map<ArtifactPath, Entry>();
  for (const entry of entries) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  return [...byPath.values()].sort((a, b) => compareCodeUnits(a.path, b.path));
}
