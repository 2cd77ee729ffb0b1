import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { BuildFailure, BuildResult as EsbuildResult } from 'esbuild';
import type { BundleOptions, ResolvedFunction } from '../../types.ts';
import { exists } from '../../util/fs.ts';
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
import { moduleStubPlugin, STUB_NAMESPACE } from './module-stub.ts';
import { PLACE_DEFINES, placePlugin } from './place-plugin.ts';
import { runsAsIs } from './runs-as-is.ts';

export type BundleRequest = ExternalsOptions & {
  readonly fn: ResolvedFunction;
  /** The user's folder that artifact paths are relative to. */
  readonly base: string;
  /** Packages, by folder, that were found unfit for the bundle before, with the reason. */
  readonly unfit: ReadonlyMap<string, string>;
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
  /** Bytes of the bundle by what they come from, absolute paths. */
  readonly bytesByInput: ReadonlyMap<string, number>;
  readonly externals: readonly ExternalImport[];
  /** Why packages stayed outside, by folder. */
  readonly reasons: ReadonlyMap<string, string>;
  /** True where Node would run the user's own code without a compiler. */
  readonly runsAsIs: boolean;
}

type Output = EsbuildResult<{ metafile: true; write: false }>;

/** What stays outside the bundle when the user turned bundling off still needs the user's code compiled. */
const OWN_CODE_ONLY: BundleOptions = { format: 'auto', minify: false, sourcemap: false, keepNames: false };

/** Bundles the handler. Packages found unfit for a bundle while reading them leave it in a next pass, until all fit. */
export async function bundleFunction(request: BundleRequest): Promise<Bundle> {
  const options = request.fn.bundle || OWN_CODE_ONLY;
  let format = await chooseFormat(request.fn.entry, options.format);
  const unfit = new Map(request.unfit);
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
  const place = await bundlePathOf(fn, base, format);
  const relativeToBundle = (file: string): string => toPosix(relative(dirname(join(base, place)), file));
  return build({
    entryPoints: [fn.entry],
    absWorkingDir: base,
    outfile: join(base, place),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    // esbuild's own addition, "module", is a condition that Node does not know.
    conditions: [],
    target: `node${fn.platform.runtime.version}`,
    format,
    // Identifiers stay: functions are read by their text and parameters by name (workers, page.evaluate, injectors).
    minifyWhitespace: options.minify,
    minifySyntax: options.minify,
    keepNames: options.keepNames,
    sourcemap: options.sourcemap ? 'linked' : false,
    legalComments: 'external',
    charset: 'utf8',
    logLevel: 'silent',
    define: PLACE_DEFINES,
    banner: { js: makeBanner(format) },
    plugins: [externalsPlugin(request, notes), moduleStubPlugin(), placePlugin(relativeToBundle)],
  });
}

/**
 * Where the bundle lies in the artifact: where the entry lies in the project, under a name that Lambda finds. It splits
 * `Handler` at the first dot, and takes a folder of the same name for the module.
 */
async function bundlePathOf(fn: ResolvedFunction, base: string, format: 'esm' | 'cjs'): Promise<string> {
  const path = toPosix(relative(base, fn.entry));
  const name = basename(path, extname(path)).replaceAll('.', '-');
  const isTaken = await exists(join(dirname(fn.entry), name));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return `${folder}${name}${isTaken ? '-bundle' : ''}${format === 'esm' ? '.mjs' : '.cjs'}`;
}

async function describe(
  request: BundleRequest,
  output: Output,
  format: 'esm' | 'cjs',
  notes: BundleNotes,
): Promise<Bundle> {
  const { fn, base } = request;
  const path = await bundlePathOf(fn, base, format);
  const files = output.outputFiles
    .map(file => ({ path: toPosix(relative(base, file.path)), data: forgetMirror(file.contents, request) }))
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
    bytesByInput: sharesOf(output, base),
    externals: notes.externals,
    reasons: notes.tainted,
    runsAsIs: await runsAsIs(output.metafile, base),
  };
}

/** esbuild names modules by their path. Where packages were installed must not show in the bytes: it differs by machine. */
function forgetMirror(data: Uint8Array, { base, installDir, isMirrored }: BundleRequest): Uint8Array {
  if (!isMirrored) return data;
  const mirror = `${toPosix(relative(base, installDir))}/`;
  return Buffer.from(Buffer.from(data).toString().replaceAll(mirror, ''));
}

function sharesOf({ metafile }: Output, base: string): ReadonlyMap<string, number> {
  const main = Object.values(metafile.outputs).find(out => out.entryPoint);
  const shares = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(main?.inputs ?? {})) {
    const input = resolve(base, path.replace(`${STUB_NAMESPACE}:`, ''));
    shares.set(input, (shares.get(input) ?? 0) + bytesInOutput);
  }
  return shares;
}

function importersOf(output: Output, base: string): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, string[]>();
  const absolute = (path: string): string => toPosix(resolve(base, path.replace(`${STUB_NAMESPACE}:`, '')));
  for (const path of Object.keys(output.metafile.inputs)) importers.set(absolute(path), []);
  for (const [path, input] of Object.entries(output.metafile.inputs)) {
    for (const imported of input.imports) {
      const isStub = absolute(imported.path) === absolute(path);
      if (!imported.external && !isStub) importers.get(absolute(imported.path))?.push(absolute(path));
    }
  }
  return importers;
}

/** The folders of the packages whose code is inside the bundle. */
export function bundledPackageDirs(bundle: Bundle): ReadonlySet<string> {
  return new Set([...bundle.inputs.keys()].map(packageDirOf).filter(dir => dir !== null));
}
