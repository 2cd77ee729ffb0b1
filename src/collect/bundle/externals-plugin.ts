import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild, ResolveResult } from 'esbuild';
import { SlimError } from '../../errors.ts';
import { findPackage, packageDirOf, packageNameOf } from '../package-path.ts';
import { findUnbundlableReason } from './decide-external.ts';
import { answerResolved } from './module-stub.ts';

/** An import that the bundle leaves to Node at run time. */
export interface ExternalImport {
  readonly specifier: string;
  readonly kind: 'import' | 'require';
  readonly importer: string;
  /** Folder of the package it resolves to; null when nothing was found. */
  readonly packageDir: string | null;
}

/** What one pass of esbuild found out. `tainted` are packages that must leave the bundle in the next pass. */
export interface BundleNotes {
  readonly externals: ExternalImport[];
  readonly tainted: Map<string, string>;
}

export interface ExternalsOptions {
  /** Says why a package stays outside, or null when it may be bundled. */
  readonly externalReason: (packageDir: string) => Promise<string | null>;
  /** True for packages that the config leaves outside, by name; they need not be installed. */
  readonly isExternal: (name: string | null) => boolean;
  /** True for packages that are bundled whatever their code looks like. */
  readonly isTrusted: (packageDir: string) => Promise<boolean>;
  /** Where the imports of a file of the user are looked up: its folder, or that folder's mirror. */
  readonly resolveDirOf: (importerDir: string) => Promise<string>;
  /** The user's folder of a workspace package whose mirror holds no sources, or null. */
  readonly localDirOf: (name: string, resolveDir: string) => Promise<string | null>;
  /** Folder that the bundle will find its packages from. */
  readonly bundleResolveDir: string;
  /** The folder whose node_modules is used. */
  readonly installDir: string;
  /** True where packages lie in a mirror of the user's folder. */
  readonly isMirrored: boolean;
  /** True for packages whose .js files are ES modules. */
  readonly isModule: (packageDir: string) => Promise<boolean>;
  readonly nameOf: (packageDir: string) => Promise<string>;
}

const ASKED_BY_US = 'lambda-slim';

/** An esbuild plugin that bundles pure packages, leaves the others outside and notes both. */
export function externalsPlugin(options: ExternalsOptions, notes: BundleNotes): Plugin {
  return {
    name: 'lambda-slim-externals',
    setup(build) {
      build.onResolve({ filter: /^(?:[^./]|\.prisma\/)/ }, args =>
        resolvePackage(args, build, options, notes),
      );
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?jsx?$/ }, async ({ path }) => {
        const dir = packageDirOf(path);
        if (!dir || notes.tainted.has(dir) || (await options.isTrusted(dir))) return undefined;
        const reason = findUnbundlableReason(await readFile(path, 'utf8'));
        if (reason) notes.tainted.set(dir, reason);
        return undefined;
      });
    },
  };
}

async function resolvePackage(
  args: OnResolveArgs,
  build: PluginBuild,
  options: ExternalsOptions,
  notes: BundleNotes,
): Promise<OnResolveResult | undefined> {
  if (args.pluginData === ASKED_BY_US || args.kind === 'entry-point' || isBuiltin(args.path))
    return undefined;
  if (/^[A-Za-z]:[\\/]/.test(args.path)) return undefined;
  const importerDir = packageDirOf(args.importer);
  const resolved = await resolveSpecifier(args, importerDir !== null, build, options);
  const dir = resolved.errors.length > 0 ? null : packageDirOf(resolved.path);
  if (resolved.errors.length > 0) {
    // The runtime provides it.
    if (options.isExternal(packageNameOf(args.path))) return leaveOutside(args, null, notes);
    // esbuild forgives a failed require() inside try; asking it again with no answer of ours lets it judge the user's code.
    if (!importerDir || args.kind === 'import-statement') return undefined;
    return leaveOutside(args, null, notes);
  }
  if (dir && (await options.externalReason(dir)) !== null) return leavePackage(args, dir, options, notes);
  // Where esbuild's own look-up gives the same answer it is the better one: it also knows what a plugin cannot tell it.
  if (resolved.external || importerDir || !options.isMirrored) return undefined;
  return answerResolved(resolved, dir !== null && (await options.isModule(dir)));
}

async function leavePackage(
  args: OnResolveArgs,
  dir: string,
  options: ExternalsOptions,
  notes: BundleNotes,
): Promise<OnResolveResult> {
  const importerDir = packageDirOf(args.importer);
  const specifier = args.path.startsWith('#') ? await options.nameOf(dir) : args.path;
  const isSeen = await isSeenFromBundle(specifier, dir, options);
  if (!isSeen && !importerDir) throw new SlimError('EXTERNAL_CONFLICT', [args.path, args.importer]);
  // "#name" means something only inside the package that says so.
  if (importerDir && (!isSeen || args.path.startsWith('#'))) {
    notes.tainted.set(importerDir, `it needs its own copy of ${packageNameOf(specifier)}`);
  }
  return leaveOutside({ ...args, path: specifier }, dir, notes);
}

async function resolveSpecifier(
  args: OnResolveArgs,
  isPackage: boolean,
  build: PluginBuild,
  options: ExternalsOptions,
): Promise<ResolveResult> {
  const ask = (path: string, resolveDir: string): Promise<ResolveResult> =>
    build.resolve(path, { resolveDir, kind: args.kind, importer: args.importer, pluginData: ASKED_BY_US });
  const resolveDir = isPackage ? args.resolveDir : await options.resolveDirOf(args.resolveDir);
  const name = packageNameOf(args.path);
  const local = name === null ? null : await options.localDirOf(name, resolveDir);
  if (name === null || local === null) return ask(args.path, resolveDir);
  const byPath = await ask(`.${args.path.slice(name.length)}`, local);
  return byPath.errors.length > 0 ? ask(args.path, local) : byPath;
}

async function isSeenFromBundle(specifier: string, dir: string, options: ExternalsOptions): Promise<boolean> {
  const name = packageNameOf(specifier);
  const found = name === null ? null : await findPackage(name, options.bundleResolveDir);
  return found?.dir === dir;
}

function leaveOutside(args: OnResolveArgs, packageDir: string | null, notes: BundleNotes): OnResolveResult {
  const kind = args.kind.startsWith('require') ? 'require' : 'import';
  notes.externals.push({ specifier: args.path, kind, importer: args.importer, packageDir });
  return { path: args.path, external: true };
}
