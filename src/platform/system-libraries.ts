import { z } from 'zod';
import type { Runtime } from '../types.ts';
import { readData } from './read-data.ts';

const names = z.array(z.string());
const reasoned = z.strictObject({ why: z.string(), names });
const system = z.strictObject({
  packages: z.record(z.string(), names),
  uncertain: names,
  versions: z.record(z.string(), names),
  newest: z.record(z.string(), z.string()),
});
const language = z.strictObject({ provided: names, loaded: names });
const schema = z.strictObject({
  sources: z.record(z.string(), z.string()),
  libraryPath: names,
  systemDirs: names,
  systems: z.strictObject({ al2: system, al2023: system }),
  runtimes: z.strictObject({ nodejs: language, python: language }),
  absent: z.record(z.string(), z.string()),
  accelerators: reasoned,
  optional: reasoned,
  optionalUsers: reasoned.extend({ packages: names }),
  neverOnLinux: reasoned,
});

const data = readData('system-libraries.json', schema);

/** What the file system of a runtime has for the dynamic linker, before the function brings anything. */
export interface SystemLibraries {
  /** SONAMEs that are there. */
  readonly present: ReadonlySet<string>;
  /** SONAMEs of which the sources disagree. */
  readonly uncertain: ReadonlySet<string>;
  /** SONAMEs that the runtime's process has loaded before the function's first library. */
  readonly loaded: ReadonlySet<string>;
  /** The newest symbol version of a SONAME, where it is known: `ZLIB_1.2.9`. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  /** By kind (`GLIBCXX`): versions above the runtime's row up to this one may be there. */
  readonly newest: Readonly<Record<string, string>>;
}

/** The libraries of a runtime; `system-libraries.json` says where each list comes from. */
export function systemLibrariesOf(runtime: Runtime): SystemLibraries {
  const { packages, uncertain, versions, newest } = data.systems[runtime.os];
  const { provided, loaded } = data.runtimes[runtime.language];
  const withVersion = (name: string): string => name.replace('{version}', runtime.version);
  return {
    present: new Set([...Object.values(packages).flat(), ...provided.map(withVersion)]),
    uncertain: new Set(uncertain),
    loaded: new Set(loaded.map(withVersion)),
    versions: new Map(Object.entries(versions)),
    newest,
  };
}

/** `LD_LIBRARY_PATH` as Lambda sets it, in order. */
export const libraryPath: readonly string[] = data.libraryPath;

/** Folders of the runtime itself, where `present` libraries are found. */
export const systemDirs: ReadonlySet<string> = new Set(data.systemDirs);

/** What to do about a library that Lambda is known not to have; null where there is nothing particular to say. */
export function adviceOn(soname: string): string | null {
  return data.absent[soname] ?? null;
}

/** True for drivers of GPUs and the like: what needs them is a plug-in that is not loaded where there is none. */
export function isAccelerator(soname: string): boolean {
  return data.accelerators.names.some(start => soname.startsWith(start));
}

/** True for libraries that others look for by name and do without. */
export function isOptionalLibrary(soname: string): boolean {
  return isAccelerator(soname) || data.optional.names.some(start => soname.startsWith(start));
}

/** True for modules that their package tries to load and does without, by the end of their path before the first dot. */
export function isOptionalUser(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const bare = path.slice(0, path.length - name.length) + name.replace(/\..*$/, '');
  return data.optionalUsers.names.some(user => bare === user || bare.endsWith(`/${user}`));
}

/** True for packages that do without their native part. */
export function isOptionalPackage(name: string): boolean {
  return data.optionalUsers.packages.some(optional => name === optional || name.startsWith(`${optional}/`));
}

/** Packages for another system that nothing loads on Linux, such as `fsevents`. */
export const neverOnLinux: ReadonlySet<string> = new Set(data.neverOnLinux.names);
