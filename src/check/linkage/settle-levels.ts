import { isOptionalPackage } from '../../platform/system-libraries.ts';
import { isForeignName } from './judge-format.ts';
import { packageNameOf, rivalKey, unitOf } from './name-parts.ts';
import type { PlacedFile, Problem } from './types.ts';

/** Codes of files that are simply not for this platform: where the platform has its own, they are dead weight. */
const FOREIGN: ReadonlySet<string> = new Set([
  'ARCH_MISMATCH',
  'NOT_LINUX',
  'LIBC_MISMATCH',
  'PYTHON_ABI_MISMATCH',
  'NODE_ABI_MISMATCH',
]);

/** Those of them that are for this system, only for another version of the language. */
export const OTHER_LANGUAGE_VERSION: ReadonlySet<string> = new Set([
  'PYTHON_ABI_MISMATCH',
  'NODE_ABI_MISMATCH',
]);

/** Codes that keep a file from loading, but not where another build of it is there that loads. */
const STOPPING: ReadonlySet<string> = new Set([
  'GLIBC_TOO_NEW',
  'GLIBCXX_TOO_NEW',
  'CXXABI_TOO_NEW',
  'LIB_MISSING',
  'NAPI_TOO_NEW',
]);

/** Builds that could take the place of another one: by path without words of platforms, and by package. */
interface Rivals {
  readonly keys: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
}

/**
 * Nobody can know which files a function loads, so one rule decides: what cannot load is an error, unless its place is
 * taken by a file for this platform, and then it is dead weight and a warning. In npm packages any native file of the same
 * package takes it (`linux-x64` beside `darwin-arm64`), and so it does for files with names of Windows and macOS anywhere;
 * in Python packages, which have many modules, only the one with the same path but for words of platforms. A file for this
 * platform that needs too much gives way only to one that loads, and an addon for another Node.js only to an addon that is
 * bound to a version of Node.js too, or to Node-API.
 */
export function settleLevels(
  problems: readonly Problem[],
  fitting: readonly PlacedFile[],
): readonly Problem[] {
  const ofOtherVersion = problems.filter(({ facts }) => OTHER_LANGUAGE_VERSION.has(facts.code));
  const stopped = new Set(problems.filter(({ facts }) => facts.level === 'error').map(({ file }) => file));
  const present = collectRivals([...fitting, ...ofOtherVersion.map(({ file }) => file)]);
  const ready = collectRivals(fitting);
  const addons = collectRivals(fitting.filter(isAddon));
  const sound = collectRivals(fitting.filter(file => !stopped.has(file)));
  const rivalsOf = (code: string): Rivals => {
    if (code === 'NODE_ABI_MISMATCH') return { keys: ready.keys, units: addons.units };
    return OTHER_LANGUAGE_VERSION.has(code) ? ready : present;
  };
  return problems.map(problem => {
    const { file, facts } = problem;
    const isSettled =
      (FOREIGN.has(facts.code) && isReplaced(file, rivalsOf(facts.code))) ||
      (STOPPING.has(facts.code) && sound.keys.has(rivalKey(file.path))) ||
      ((FOREIGN.has(facts.code) || STOPPING.has(facts.code)) && isOptionalPackage(packageNameOf(file.path)));
    return facts.level === 'error' && isSettled ? { file, facts: { ...facts, level: 'warning' } } : problem;
  });
}

/** True for a file that is for another platform, and so weighs and does nothing where it is only warned of. */
export function isForeign({ facts }: Problem): boolean {
  return FOREIGN.has(facts.code);
}

function collectRivals(files: readonly PlacedFile[]): Rivals {
  return {
    keys: new Set(files.map(({ path }) => rivalKey(path))),
    units: new Set(files.map(({ path }) => unitOf(path).key)),
  };
}

/** A library beside an addon, such as SQLite's test extension, cannot be loaded in place of it. */
function isAddon({ native }: PlacedFile): boolean {
  if (native.format !== 'elf') return false;
  const { nodeAbis, imports } = native.facts;
  return nodeAbis.length > 0 || imports.some(name => /^(?:napi|node_api)_/.test(name));
}

function isReplaced({ path }: PlacedFile, { keys, units }: Rivals): boolean {
  if (keys.has(rivalKey(path))) return true;
  return (path.includes('node_modules/') || isForeignName(path)) && units.has(unitOf(path).key);
}
