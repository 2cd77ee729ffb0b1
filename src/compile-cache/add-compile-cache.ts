import { join } from 'node:path';
import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import { installNode } from '../lambda/find-node.ts';
import { findNodeVersion } from '../platform/node-versions.ts';
import type { CompileCacheReport, Context, Entry, FileEntry, Platform, Tree } from '../types.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { layOutTree } from '../util/lay-out-tree.ts';
import { compareCodeUnits, toArtifactPath } from '../util/path.ts';
import { cacheKey } from './cache-key.ts';
import { makeEntryShim } from './entry-shim.ts';
import { makeCache } from './make-cache.ts';
import { measureCache } from './measure-cache.ts';
import type { Laboratory } from './run-harness.ts';

export interface CompileCacheOutcome {
  readonly tree: Tree;
  /** Null where the cache was left out; a finding says why. */
  readonly report: CompileCacheReport | null;
  readonly findings: readonly Finding[];
}

/** Folder of the cache in the artifact. */
export const CACHE_FOLDER = '.compile-cache';

const FIRST_MAJOR = 22;

/**
 * Adds V8's compile cache of the bundled handler to a tree. The bundle gets a name of its own, and a small module in its place
 * switches the cache on before loading it, so the `Handler` setting and the environment stay as they are. The import is run
 * several times for it, on the runtime's own Node.js. Throws `COMPILE_CACHE_UNSUPPORTED` and `CANCELLED`; where only this
 * machine or this bundle is in the way, the tree comes back as it was, with `COMPILE_CACHE_LEFT_OUT`.
 */
export async function addCompileCache(
  tree: Tree,
  handler: string,
  platform: Platform,
  context: Context,
): Promise<CompileCacheOutcome> {
  const { runtime, arch } = platform;
  if (runtime.language !== 'nodejs' || Number(runtime.version) < FIRST_MAJOR) {
    throw new SlimError('COMPILE_CACHE_UNSUPPORTED', [runtime.id]);
  }
  const bundle = findBundle(tree, handler);
  if (!bundle) return leaveOut(tree, `no bundled .mjs or .cjs belongs to the handler ${handler}`);
  try {
    const version = findNodeVersion(runtime.version);
    const dir = context.cacheDir ?? context.workDir;
    const node = await installNode(version, arch, { dir, signal: context.signal });
    return await build(tree, bundle, handler, version, { node, platform, context });
  } catch (error) {
    if (!(error instanceof SlimError) || error.code === 'CANCELLED') throw error;
    return leaveOut(tree, error.message.trim());
  }
}

type Surroundings = Pick<Laboratory, 'node' | 'platform' | 'context'>;

async function build(
  tree: Tree,
  bundle: FileEntry,
  handler: string,
  version: string,
  surroundings: Surroundings,
): Promise<CompileCacheOutcome> {
  const plan = planEntries(bundle, handler);
  const taskRoot = join(surroundings.context.workDir, 'compile-cache', 'task');
  const others = tree.entries.filter(entry => entry !== bundle);
  if (others.some(({ path }) => path === plan.renamed.path)) {
    return leaveOut(tree, `${plan.renamed.path} is taken`);
  }
  await layOutTree([...others, plan.renamed, plan.shim], taskRoot);
  const laboratory: Laboratory = { ...surroundings, taskRoot, handler };
  const data = await makeCache(laboratory, plan.renamed.path, plan.key);
  if (data === null) return leaveOut(tree, 'two runs of Node.js gave different bytes for it');
  const cache = generated(`${CACHE_FOLDER}/${plan.key}`, data);
  await layOutTree([cache], taskRoot);
  const cached = { shim: plan.shim.path, bundle: plan.renamed.path, folder: CACHE_FOLDER, key: plan.key };
  const { before, after, runs, accepted } = await measureCache(laboratory, cached);
  if (!accepted) return leaveOut(tree, 'Node.js did not accept it');
  const entries = [...others, plan.renamed, plan.shim, cache].sort((a, b) =>
    compareCodeUnits(a.path, b.path),
  );
  const report: CompileCacheReport = {
    bytes: cache.bytes + plan.shim.bytes,
    files: 2,
    importMsBefore: before,
    importMsAfter: after,
    runs,
    nodeVersion: version,
  };
  return { tree: { ...tree, entries }, report, findings: [] };
}

interface EntryPlan {
  readonly renamed: FileEntry;
  readonly shim: FileEntry;
  readonly key: string;
}

function planEntries(bundle: FileEntry, handler: string): EntryPlan {
  const extension = bundle.path.slice(-'.mjs'.length);
  const path = toArtifactPath(`${bundle.path.slice(0, -extension.length)}.bundle${extension}`);
  const [exported = ''] = exportsOf(handler).split('.');
  const code = makeEntryShim({ bundle: path, exported, cacheFolder: CACHE_FOLDER });
  return {
    renamed: { ...bundle, path },
    shim: generated(bundle.path, Buffer.from(code)),
    key: cacheKey(path),
  };
}

function findBundle({ entries }: Tree, handler: string): FileEntry | undefined {
  const stem = handler.slice(0, handler.length - exportsOf(handler).length - 1);
  const isBundle = (entry: Entry): entry is FileEntry =>
    entry.kind === 'file' && (entry.path === `${stem}.mjs` || entry.path === `${stem}.cjs`);
  return entries.find(isBundle);
}

/** What follows the first dot of the last segment. */
function exportsOf(handler: string): string {
  const name = handler.slice(handler.lastIndexOf('/') + 1);
  return name.slice(name.indexOf('.') + 1);
}

function generated(path: string, data: Uint8Array): FileEntry {
  return generatedEntry(path, data, 'compile-cache');
}

function leaveOut(tree: Tree, reason: string): CompileCacheOutcome {
  return { tree, report: null, findings: [{ code: 'COMPILE_CACHE_LEFT_OUT', level: 'warning', reason }] };
}
