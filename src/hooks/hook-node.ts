import { posix } from 'node:path';
import type { Entry, FileEntry } from '../types.ts';
import { generatedEntry } from '../util/generated-entry.ts';
import { toArtifactPath } from '../util/path.ts';
import { readEntryText } from './read-entry-text.ts';
import type { Hook } from './types.ts';

/** In the order in which Lambda looks for the handler's file. */
const EXTENSIONS = ['', '.js', '.mjs', '.cjs'];

/**
 * Gives the handler's module a name of its own, beside the old one, and puts a small module in its place that loads the shim first.
 * A line in the module itself would come too late: what an ES module imports is looked for before any of it runs.
 */
export async function hookNode(
  entries: readonly Entry[],
  handler: string,
  hook: Hook,
): Promise<readonly Entry[]> {
  const { module, exported } = findHandler(entries, handler, hook);
  const extension = posix.extname(module.path);
  const path = toArtifactPath(
    `${module.path.slice(0, module.path.length - extension.length)}.${hook.by}${extension}`,
  );
  if (entries.some(entry => entry.path === path)) hook.refuse(`${path} is taken`);
  const isEsm = await isEsModule(module, entries);
  const code = isEsm ? makeEsHook(path, exported, hook.script) : makeCommonJsHook(path, hook.script);
  const first = generatedEntry(module.path, Buffer.from(code), hook.by);
  return entries.flatMap(entry => (entry === module ? [{ ...module, path }, first] : [entry]));
}

interface HandlerModule {
  readonly module: FileEntry;
  /** The export, without what is nested in it. */
  readonly exported: string;
}

function findHandler(entries: readonly Entry[], handler: string, { refuse }: Hook): HandlerModule {
  const name = handler.slice(handler.lastIndexOf('/') + 1);
  const dot = name.indexOf('.');
  const stem = handler.slice(0, handler.length - name.length + dot);
  const [exported = ''] = name.slice(dot + 1).split('.');
  for (const extension of EXTENSIONS) {
    const entry = entries.find(({ path }) => path === stem + extension);
    if (entry?.kind === 'file') return { module: entry, exported };
  }
  return refuse(`${stem}.js, .mjs or .cjs is not in the artifact`);
}

async function isEsModule(module: FileEntry, entries: readonly Entry[]): Promise<boolean> {
  const extension = posix.extname(module.path);
  if (extension !== '.js') return extension === '.mjs';
  const type = await findType(posix.dirname(module.path), entries);
  return type === null ? looksLikeEsm(await readEntryText(module)) : type === 'module';
}

async function findType(folder: string, entries: readonly Entry[]): Promise<string | null> {
  const manifest = entries.find(({ path }) => path === posix.join(folder, 'package.json'));
  if (manifest?.kind === 'file') {
    const text = await readEntryText(manifest);
    return /"type"\s*:\s*"(module|commonjs)"/.exec(text)?.[1] ?? null;
  }
  return folder === '.' ? null : findType(posix.dirname(folder), entries);
}

/** Node.js looks at the syntax where no package.json says what a file is. */
function looksLikeEsm(code: string): boolean {
  return (
    /^\s*(?:import\s*[\w{*'"]|export\s+[\w{*])/m.test(code) && !/\b(?:module\.)?exports\b\s*[.=[]/.test(code)
  );
}

function makeEsHook(module: string, exported: string, shim: string): string {
  const name = /^[A-Za-z_$][\w$]*$/.test(exported) ? exported : JSON.stringify(exported);
  const key = JSON.stringify(exported);
  return `import ${specifierOf(module, shim)};
const module = await import(${specifierOf(module, module)});
const exported = module[${key}] ?? module.default?.[${key}];
export { exported as ${name} };
`;
}

function makeCommonJsHook(module: string, shim: string): string {
  return `'use strict';
require(${specifierOf(module, shim)});
module.exports = require(${specifierOf(module, module)});
`;
}

function specifierOf(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return JSON.stringify(path.startsWith('../') ? path : `./${path}`);
}
