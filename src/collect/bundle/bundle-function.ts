import { basename, dirname, extname, join, relative } from 'node:path';
import type { BuildFailure, BuildResult as EsbuildResult } from 'esbuild';
import type { BundleOptions, ResolvedFunction } from '../../types.ts';
import { toPosix } from '../../util/path.ts';
import { packageDirOf } from '../package-path.ts';
import { makeBanner } from './banner.ts';
import { checkExport } from './check-export.ts';
import { chooseFormat } from './choose-format.ts';
import { explainBundleFailure } from './explain-bundle-failure.ts';
import {
  type BundleNotes,
  type ExternalImport,
  type ExternalsOptions,
  externalsPlugin,
} from './externals-plugin.ts';
import { ownFilesPlugin } from './own-files-plugin.ts';

export type BundleRequest = ExternalsOptions & {
  readonly fn: ResolvedFunction;
  /** The user's folder that artifact paths are relative to. */
  readonly base: string;
};

/** The user's code and the pure packages in one file. */
export interface Bundle {
  readonly files: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Artifact path of the bundle itself; the first of `files`. */
  readonly path: string;
  /** Lambda's `Handler` setting. */
  readonly handler: string;
  /** Absolute paths of everything that went in, with who imported it. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  readonly externals: readonly ExternalImport[];
  /** Why packages stayed outside, by folder. */
  readonly reasons: ReadonlyMap<string, string>;
}

type Output = EsbuildResult<{ metafile: true; write: false }>;

/** What stays outside the bundle when the user turned bundling off still needs the user's code compiled. */
const OWN_CODE_ONLY: BundleOptions = { format: 'auto', minify: false, sourcemap: false, keepNames: true };

/** Bundles the handler. Packages found unfit for a bundle while reading them leave it in a next pass, until all fit. */
export async function bundleFunction(request: BundleRequest): Promise<Bundle> {
  const options = request.fn.bundle || OWN_CODE_ONLY;
  let format = await chooseFormat(request.fn.entry, options.format);
  const unfit = new Map<string, string>();
  for (;;) {
    const notes: BundleNotes = { externals: [], tainted: new Map(unfit) };
    const externalReason = async (dir: string): Promise<string | null> =>
      unfit.get(dir) ?? (await request.externalReason(dir));
    try {
      const output = await runEsbuild({ ...request, externalReason }, options, format, notes);
      if (notes.tainted.size === unfit.size) return describe(request, output, format, notes);
    } catch (error) {
      const failure = error as BuildFailure;
      if (!Array.isArray(failure.errors)) throw error;
      const wantsEsm =
        options.format === 'auto' &&
        format === 'cjs' &&
        failure.errors.some(e => /top-level await/i.test(e.text));
      if (wantsEsm) format = 'esm';
      else if (notes.tainted.size === unfit.size) throw await explainBundleFailure(failure);
    }
    for (const [dir, reason] of notes.tainted) unfit.set(dir, reason);
  }
}

async function runEsbuild(
  request: BundleRequest,
  options: BundleOptions,
  format: 'esm' | 'cjs',
  notes: BundleNotes,
): Promise<Output> {
  const { build } = await import('esbuild');
  const { fn, base } = request;
  const place = bundlePathOf(fn, base, format);
  const relativeToBundle = (file: string): string => toPosix(relative(dirname(join(base, place)), file));
  return build({
    entryPoints: [fn.entry],
    absWorkingDir: base,
    outfile: join(base, place),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: `node${fn.platform.runtime.version}`,
    format,
    minify: options.minify,
    keepNames: options.keepNames,
    sourcemap: options.sourcemap ? 'linked' : false,
    legalComments: 'external',
    charset: 'utf8',
    logLevel: 'silent',
    banner: { js: makeBanner(format) },
    plugins: [externalsPlugin(request, notes), ownFilesPlugin(relativeToBundle, options.sourcemap)],
  });
}

function bundlePathOf(fn: ResolvedFunction, base: string, format: 'esm' | 'cjs'): string {
  const path = toPosix(relative(base, fn.entry));
  return path.slice(0, path.length - extname(path).length) + (format === 'esm' ? '.mjs' : '.cjs');
}

async function describe(
  request: BundleRequest,
  output: Output,
  format: 'esm' | 'cjs',
  notes: BundleNotes,
): Promise<Bundle> {
  const { fn, base } = request;
  const path = bundlePathOf(fn, base, format);
  const files = output.outputFiles
    .map(file => ({ path: toPosix(relative(base, file.path)), data: file.contents }))
    .sort(file => (file.path === path ? -1 : 1));
  const code = files[0] ? Buffer.from(files[0].data).toString() : '';
  const exported = Object.values(output.metafile.outputs).find(out => out.entryPoint)?.exports ?? [];
  await checkExport(fn, code, exported);
  const stem = join(dirname(path), basename(path, extname(path)));
  return {
    files,
    path,
    handler: `${toPosix(stem)}.${fn.handlerExport}`,
    inputs: importersOf(output, base),
    externals: notes.externals,
    reasons: notes.tainted,
  };
}

function importersOf(output: Output, base: string): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  const absolute = (path: string): string => toPosix(join(base, path));
  for (const path of Object.keys(output.metafile.inputs)) importers.set(absolute(path), []);
  for (const [path, input] of Object.entries(output.metafile.inputs)) {
    for (const imported of input.imports) {
      if (!imported.external) importers.get(absolute(imported.path))?.push(absolute(path));
    }
  }
  return importers;
}

/** The folders of the packages whose code is inside the bundle. */
export function bundledPackageDirs(bundle: Bundle): ReadonlySet<string> {
  return new Set([...bundle.inputs.keys()].map(packageDirOf).filter(dir => dir !== null));
}
