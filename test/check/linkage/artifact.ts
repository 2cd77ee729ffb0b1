import { checkLinkage } from '../../../src/check/linkage/check-linkage.ts';
import type { ElfFacts, NativeFile } from '../../../src/elf/types.ts';
import type { Finding, LinkageFinding } from '../../../src/findings.ts';
import type { NativeEntry, NativeLink, NativeSet, Platform } from '../../../src/types.ts';
import { platformOf } from '../../helpers/check.ts';
import { elfOf } from '../../helpers/elf.ts';

/** What a made-up file is: facts of an ELF file, or another format; and its mode and size where a test cares. */
export type Made = Partial<ElfFacts> & {
  readonly native?: NativeFile;
  readonly mode?: number;
  readonly bytes?: number;
};

/** Path to what lies there; a text is the target of a link. */
export type MadeFiles = Readonly<Record<string, Made | string>>;

/** Makes a set of files as reading an artifact would. */
export function setOf(files: MadeFiles, compressed: readonly string[] = []): NativeSet {
  const entries: NativeEntry[] = [];
  const links: NativeLink[] = [];
  for (const [path, made] of Object.entries(files)) {
    if (typeof made === 'string') {
      links.push({ path, target: made });
      continue;
    }
    const { native, mode = 0o644, bytes = 10, ...facts } = made;
    entries.push({ path, bytes, mode, native: native ?? elfOf(facts) });
  }
  return { files: entries, links, compressed };
}

export interface JudgeOptions {
  readonly layers?: readonly MadeFiles[];
  readonly platform?: Platform | null;
  readonly compressed?: readonly string[];
}

export function judge(files: MadeFiles, options: JudgeOptions = {}): readonly LinkageFinding[] {
  const { layers = [], platform = platformOf('python3.12'), compressed } = options;
  const input = { root: setOf(files, compressed), layers: layers.map(layer => setOf(layer)), platform };
  return checkLinkage(input).filter(isLinkage);
}

function isLinkage(finding: Finding): finding is LinkageFinding {
  return 'package' in finding && 'bytes' in finding;
}

/** `LIB_MISSING error a.so`: code, level and first path of each. */
export function brief(findings: readonly LinkageFinding[]): readonly string[] {
  return findings.map(({ code, level, paths }) => `${code} ${level} ${paths[0]}`);
}

/** A need of symbol versions of a library, also as a DT_NEEDED. */
export function needing(library: string, ...versions: readonly string[]): Partial<ElfFacts> {
  return { needed: [library], versionNeeds: [{ library, versions }] };
}
