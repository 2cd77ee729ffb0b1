import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { satisfies, validRange } from 'semver';
import { runtimes } from '../platform/runtimes.ts';
import { listTopLevelNames } from '../python/top-level-names.ts';
import { compareVersions, fitsSpecifiers } from '../python/versions.ts';
import type { Arch } from '../types.ts';
import { orNull } from '../util/fs.ts';
import { toPosix } from '../util/path.ts';
import { findEntry, isFile, isPythonFile, USUAL_ENTRIES, USUAL_PYTHON_ENTRIES } from './find-entry.ts';
import { readHints, type TextHints } from './read-hints.ts';
import { DEFAULT_ARCH, DEFAULT_PYTHON_RUNTIME, DEFAULT_RUNTIME } from './resolve-platform.ts';

export interface DiscoveredFunction {
  readonly entry: string;
  /** Export name, where it is not `handler`. */
  readonly handler: string | null;
}

/** What a project tells about its functions; `found` says so in words. */
export interface Discovery {
  readonly functions: readonly DiscoveredFunction[];
  readonly runtime: string;
  readonly arch: Arch;
  readonly isTypeScript: boolean;
  readonly found: readonly string[];
}

/** Looks for handlers, runtime and CPU in the files of deployment tools, of package managers and in the usual places. */
export async function discoverFunctions(dir: string): Promise<Discovery> {
  const hints = await readHints(dir);
  const named = await resolveHandlers(dir, hints);
  const all = named.length > 0 ? named : await findUsual(dir);
  const isPython = hints.runtime
    ? hints.runtime.value.startsWith('python')
    : isPythonFile(all[0]?.entry ?? '');
  // One config has one runtime, so what is written in another language is left to a config of its own.
  const functions = all.filter(({ entry }) => isPythonFile(entry) === isPython);
  const runtime = hints.runtime ?? (await (isPython ? findRequiredPython(dir) : findEngine(dir)));
  const runtimeId = runtime?.value ?? (isPython ? DEFAULT_PYTHON_RUNTIME : DEFAULT_RUNTIME);
  const from = (source: string | undefined): string => (source ? `from ${source}` : 'the default');
  return {
    functions,
    runtime: runtimeId,
    arch: hints.arch?.value ?? DEFAULT_ARCH,
    isTypeScript:
      !isPython &&
      ((await isFile(join(dir, 'tsconfig.json'))) ||
        functions.some(({ entry }) => /\.[mc]?tsx?$/.test(entry))),
    found: [
      ...functions.map(({ entry }) => `entry ${entry}`),
      `runtime ${runtimeId}, ${from(runtime?.source)}`,
      `arch ${hints.arch?.value ?? DEFAULT_ARCH}, ${from(hints.arch?.source)}`,
    ],
  };
}

/** Handlers whose file is there; those of other languages are not. */
async function resolveHandlers(dir: string, hints: TextHints): Promise<readonly DiscoveredFunction[]> {
  const found = new Map<string, DiscoveredFunction>();
  for (const handler of hints.handlers) {
    for (const base of ['', ...hints.codeFolders]) {
      const match = await findEntry(handler, join(dir, base)).catch(() => null);
      if (!match || found.has(match.path)) continue;
      const entry = toPosix(relative(dir, match.path));
      const isDefault = match.exportName === null || match.exportName === 'handler';
      found.set(match.path, { entry, handler: isDefault ? null : match.exportName });
    }
  }
  return [...found.values()];
}

async function findUsual(dir: string): Promise<readonly DiscoveredFunction[]> {
  const names = new Set(await orNull(readdir(dir)));
  const candidates = USUAL_ENTRIES.filter(entry => names.has(entry.split('/')[0] ?? ''));
  for (const entry of candidates) if (await isFile(join(dir, entry))) return [{ entry, handler: null }];
  for (const entry of USUAL_PYTHON_ENTRIES) {
    const source = await orNull(readFile(join(dir, entry), 'utf8'));
    const names = source === null ? null : listTopLevelNames(source).names;
    if (names?.has('handler') || names?.has('lambda_handler')) return [{ entry, handler: null }];
  }
  return [];
}

/** The newest Python runtime that fits `requires-python` of pyproject.toml, searched for as text: the file need not be valid. */
async function findRequiredPython(
  dir: string,
): Promise<{ readonly value: string; readonly source: string } | null> {
  const text = (await orNull(readFile(join(dir, 'pyproject.toml'), 'utf8'))) ?? '';
  const wanted = /^\s*requires-python\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
  const fits = (version: string): boolean => wanted !== undefined && isFitting(version, wanted);
  const fitting = runtimes.filter(({ language, version }) => language === 'python' && fits(version));
  const newest = fitting.sort((a, b) => compareVersions(b.version, a.version))[0];
  return newest ? { value: newest.id, source: '"requires-python" in pyproject.toml' } : null;
}

function isFitting(version: string, wanted: string): boolean {
  try {
    return fitsSpecifiers(`${version}.99`, wanted);
  } catch {
    return false;
  }
}

/** The newest Node.js runtime that fits `engines.node` of package.json. */
async function findEngine(dir: string): Promise<{ readonly value: string; readonly source: string } | null> {
  const text = await orNull(readFile(join(dir, 'package.json'), 'utf8'));
  const range = validRange(/"engines"\s*:\s*\{[^}]*"node"\s*:\s*"([^"]+)"/.exec(text ?? '')?.[1] ?? '');
  if (!range || range === '*') return null;
  const fitting = runtimes
    .filter(({ language, version }) => language === 'nodejs' && satisfies(`${version}.99.0`, range))
    .sort((a, b) => Number(b.version) - Number(a.version));
  return fitting[0] ? { value: fitting[0].id, source: '"engines" in package.json' } : null;
}
