import { join } from 'node:path';
import type { Finding } from '../../findings.ts';
import { moduleOf } from '../../python/module-names.ts';
import type { Context, ResolvedFunction, Tree } from '../../types.ts';
import { sumBytes } from '../../util/entry-bytes.ts';
import type { Collected } from '../collected.ts';
import { excludeEntries } from '../exclude-entries.ts';
import { chooseImage } from '../install/image/choose-image.ts';
import { sortTree } from '../sort-tree.ts';
import { vendoredEntries } from '../vendored/vendored-entries.ts';
import { checkHandler } from './check-handler.ts';
import { findCudaWheels } from './find-cuda-wheels.ts';
import { findLoose } from './find-loose.ts';
import { type Gathered, gather } from './gather.ts';
import { listSources } from './install/hash-sources.ts';
import { installedEntries } from './installed/installed-entries.ts';
import { listInstalled } from './installed/list-installed.ts';
import { findAwsServices } from './own/find-aws-services.ts';
import { findBroken } from './own/find-broken.ts';
import { type FindModule, makeFolderLister, makeModuleFinder } from './own/find-module.ts';
import { findOpenImports } from './own/find-open-imports.ts';
import { findUnresolved } from './own/find-unresolved.ts';
import { ownEntries } from './own/own-entries.ts';
import { type NeededAsides, traceAsides } from './own/trace-asides.ts';
import { type ModulePlace, type Reached, tracePython } from './own/trace-python.ts';
import { traceTools } from './own/trace-tools.ts';
import { findUnread } from './project/find-unread.ts';

/** Gathers the handler with what it imports of the user's own, the data files that are included, and every package it requires. */
export async function collectPython(fn: ResolvedFunction, context: Context): Promise<Collected> {
  await checkHandler(fn);
  const gathered = await gather(fn, context);
  const { base, installDir, project } = gathered;
  const listed = await listInstalled(installDir);
  const reached = await traceAll(gathered, listed, fn);
  const own = await ownEntries(fn, base, reached);
  const installed = await installedEntries({
    ...{ dir: installDir, reached, keep: fn.keep, project },
    runtimeProvides: fn.python.runtimeProvides,
  });
  const kept = excludeEntries(own.entries, fn, base);
  const keptInstalled = excludeEntries(installed.entries, fn, fn.root);
  const entries = [...kept.entries, ...keptInstalled.entries];
  const vendored = await vendoredEntries(gathered.libraries, entries, chooseImage(fn));
  const tree = sortTree({
    entries: [...entries, ...vendored.entries],
    packages: installed.packages,
    removals: [...installed.removals, ...kept.removals, ...keptInstalled.removals],
  });
  context.progress.done(`entries: ${tree.entries.length}`);
  return {
    tree,
    handler: gathered.handler,
    installed: {
      stage: 'install',
      bytes: installed.bytes + sumBytes(own.entries),
      files: installed.files + own.entries.length,
    },
    findings: [
      ...(await findOfProject(gathered, tree, fn)),
      ...(await findOfSources(base, reached, listed, fn, context)),
      ...own.findings,
      ...installed.findings,
      ...vendored.findings,
    ],
    awsServices: await findAwsServices(reached),
    inputs: [...(await listInputs(fn, gathered, tree)), ...own.watched.map(folder => `${folder}/`)],
  };
}

async function traceAll(
  { base, entry, installDir }: Gathered,
  listed: readonly string[],
  { platform }: ResolvedFunction,
): Promise<ReadonlyMap<string, Reached>> {
  const packages = { dir: installDir, findModule: indexModules(listed) };
  const own = { dir: base, findModule: makeModuleFinder(base), listFolder: makeFolderLister(base) };
  const imported = await tracePython(entry, [own, packages]);
  const asides = await traceAsides(installDir, listed, packages.findModule);
  const tools = await traceTools(installDir, listed, imported, platform);
  return withAsides(imported, new Map([...asides, ...tools]), packages);
}

/** What is to be told of how packages are asked for. */
async function findOfProject(
  { project, installDir }: Gathered,
  tree: Tree,
  fn: ResolvedFunction,
): Promise<readonly Finding[]> {
  return [
    ...(await findUnread(project, fn.root)),
    ...findLoose(project, tree),
    ...(await findCudaWheels(project, tree, installDir, fn)),
  ];
}

/** What is to be told of own code: what is no Python, and what it imports. */
async function findOfSources(
  base: string,
  reached: ReadonlyMap<string, Reached>,
  listed: readonly string[],
  { external, platform }: ResolvedFunction,
  context: Context,
): Promise<readonly Finding[]> {
  return [
    ...(await findBroken(base, reached, platform.runtime, context)),
    ...(await findUnresolved(base, reached, listed, external)),
    ...(await findOpenImports(base, reached)),
  ];
}

/** What the handler reaches says more of why a file is there, so that comes first. */
function withAsides(
  imported: ReadonlyMap<string, Reached>,
  asides: NeededAsides,
  place: ModulePlace,
): ReadonlyMap<string, Reached> {
  const needed = [...asides].map(([path, parent]) => [path, { place, parent }] as const);
  return new Map([...needed, ...imported]);
}

/** What was installed does not change, so one look at it is enough. */
function indexModules(paths: readonly string[]): FindModule {
  const modules = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.endsWith('.pyc') ? null : moduleOf(path);
    if (name === null) continue;
    const files = modules.get(name);
    if (files) files.push(path);
    else modules.set(name, [path]);
  }
  return async name => modules.get(name) ?? [];
}

/** Every file whose change could change the tree. Of what was installed the RECORDs stand for the rest, which nobody edits. */
async function listInputs(
  fn: ResolvedFunction,
  { project, installDir }: Gathered,
  tree: Tree,
): Promise<readonly string[]> {
  const sources = project ? await listSources(project.requirements) : [];
  const files = tree.entries.flatMap(entry =>
    entry.kind === 'file' && entry.source.kind === 'disk' ? entry.source.path : [],
  );
  const own = files.filter(path => !path.startsWith(join(installDir, '/')));
  const records = tree.entries.flatMap(({ path }) =>
    path.endsWith('.dist-info/RECORD') ? join(installDir, path) : [],
  );
  return [fn.entry, ...(project?.inputs ?? []), ...sources, ...own, ...records];
}
