import { posix } from 'node:path';
import { matchGlobs } from '../presets/match-glob.ts';
import { groupByOwner, insidePath } from '../presets/owners.ts';
import { presetsFor } from '../presets/presets-for.ts';
import type { PresetLibrary } from '../presets/schema.ts';
import type { NativeOptions, Tree } from '../types.ts';

/** Tells why a file must not be stripped; null where it may be. */
export type StripRules = (path: string) => string | null;

/** What the user and the presets say about stripping; the user's word comes first. */
export function findStripRules(tree: Tree, options: NativeOptions, library: PresetLibrary): StripRules {
  const excepted = matchGlobs(options.stripExcept);
  const reasons = new Map<string, string>();
  for (const { instance, entries } of groupByOwner(tree.entries, tree.packages)) {
    const rules = presetsFor(library.presets, instance.ecosystem, instance.name).filter(
      ({ native }) => native,
    );
    for (const { path } of rules.length > 0 ? entries : []) {
      const reason = reasonOf(insidePath(path, instance), rules);
      if (reason) reasons.set(path, reason);
    }
  }
  const paths = new Set<string>(tree.entries.map(({ path }) => path));
  return path => {
    if (!options.strip) return 'stripping is switched off';
    if (excepted(path)) return 'a pattern of "native.stripExcept" names it';
    return reasons.get(path) ?? reasonOfChecksum(path, paths);
  };
}

/** Crypto libraries in FIPS mode refuse to start when they differ from the checksum beside them. */
function reasonOfChecksum(path: string, paths: ReadonlySet<string>): string | null {
  const { dir, base } = posix.parse(path);
  const stem = base.replace(/\.so\b.*$/, '');
  const names = [`.${base}.hmac`, `${base}.hmac`, `${stem}.chk`, `.${stem}.chk`];
  const checksum = names.map(name => posix.join(dir, name)).find(name => paths.has(name));
  return checksum === undefined ? null : `${checksum} holds its checksum`;
}

type Rules = ReturnType<typeof presetsFor>;

function reasonOf(path: string, presets: Rules): string | null {
  for (const { name, native } of presets) {
    if (native && !native.strip) return `the preset ${name} switches it off`;
    const except = native?.stripExcept.find(({ glob }) => matchGlobs([glob])(path));
    if (except) return `the preset ${name} says: ${except.why}`;
  }
  return null;
}
