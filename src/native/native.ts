import type { NativeFile } from '../elf/types.ts';
import type { Finding } from '../findings.ts';
import type { PresetLibrary } from '../presets/schema.ts';
import type {
  CompressLevel,
  Context,
  Entry,
  NativeOptions,
  NativeReport,
  NativeSet,
  Platform,
  StrippedFile,
  Tree,
} from '../types.ts';
import type { CompressedNatives } from './compress/compress-native.ts';
import { findIdlePatterns } from './find-idle-patterns.ts';
import { readNatives } from './read-natives.ts';
import { shareFiles } from './share-files.ts';
import { findStripRules } from './strip-rules.ts';
import { stripTree } from './strip-tree.ts';

export interface NativeOutcome {
  readonly tree: Tree;
  readonly report: NativeReport;
  readonly findings: readonly Finding[];
  /** The native files and links as they are once compressed libraries are inflated, for judging whether they load. */
  readonly judged: NativeSet;
}

export interface NativeSettings {
  readonly options: NativeOptions;
  readonly library: PresetLibrary;
  readonly platform: Platform;
  readonly level: CompressLevel;
}

/** Strips the native libraries of a tree, and makes one file of equal ones. Changed libraries lie in the work folder. */
export async function native(tree: Tree, settings: NativeSettings, context: Context): Promise<NativeOutcome> {
  const { options, library } = settings;
  const rules = findStripRules(tree, options, library);
  const stripped = await stripTree(tree.entries, rules, context);
  const natives = readNatives(stripped.entries);
  const { entries, shared } = options.dedupe
    ? await shareFiles(stripped.entries, natives, context.signal)
    : { entries: stripped.entries, shared: [] };
  const compressed = await compress({ ...tree, entries }, natives, settings, context);
  return {
    tree: compressed.tree,
    report: { files: stripped.files, shared, compressed: compressed.report },
    findings: [
      ...findKept(stripped.files.filter(({ path }) => isSound(natives.get(path)))),
      ...findIdlePatterns(options, tree.entries),
      ...compressed.findings,
    ],
    judged: toJudged(entries, natives),
  };
}

function toJudged(entries: readonly Entry[], natives: ReadonlyMap<string, NativeFile>): NativeSet {
  return {
    files: entries.flatMap(entry => {
      const native = entry.kind === 'file' ? natives.get(entry.path) : undefined;
      return entry.kind === 'file' && native
        ? [{ path: entry.path, bytes: entry.bytes, mode: entry.mode, native }]
        : [];
    }),
    links: entries.flatMap(entry =>
      entry.kind === 'link' ? [{ path: entry.path, target: entry.target }] : [],
    ),
    compressed: [],
  };
}

async function compress(
  tree: Tree,
  natives: ReadonlyMap<string, NativeFile>,
  { options: { compress: choice }, platform, level }: NativeSettings,
  context: Context,
): Promise<CompressedNatives> {
  if (choice === null) return { tree, report: null, findings: [] };
  const { compressNative } = await import('./compress/compress-native.ts');
  return compressNative(tree, natives, { choice, platform, level }, context);
}

/** What the linkage gate calls broken or damaged needs no word about stripping. */
function isSound(native: NativeFile | undefined): boolean {
  return native?.format !== 'broken' && (native?.format !== 'elf' || native.facts.damage.length === 0);
}

/** What could not be done is told, one finding a reason. */
function findKept(files: readonly StrippedFile[]): readonly Finding[] {
  const reasons = new Map<string, StrippedFile[]>();
  for (const file of files) {
    if (file.reason === null || file.outcome === 'kept: switched off') continue;
    const key = `${file.outcome}: ${file.reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), file]);
  }
  return [...reasons.values()].map(group => {
    const [{ outcome, reason }] = group as [StrippedFile];
    return {
      code: 'STRIP_KEPT',
      level: outcome === 'kept: failed verification' ? 'warning' : 'info',
      paths: group.map(({ path }) => path),
      reason: reason ?? '',
    };
  });
}
