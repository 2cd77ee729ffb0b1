import type { ElfFacts, NativeFile } from '../../../src/elf/types.ts';
import { planMirror } from '../../../src/native/compress/plan-mirror.ts';
import type { MirrorInput, MirrorPlan } from '../../../src/native/compress/types.ts';
import type { Entry, Origin, Tree } from '../../../src/types.ts';
import { compareCodeUnits, toArtifactPath } from '../../../src/util/path.ts';
import { elfOf } from '../../helpers/elf.ts';

export const MIB = 1024 * 1024;

const ORIGIN: Origin = { kind: 'package', package: 'x@1.0.0', parents: [] };

export interface Library extends Partial<ElfFacts> {
  readonly bytes?: number;
}

/** Something in a made-up tree: a library, a link to a path, or any other file (null). */
export type Item = Library | string | null;

/** The question for a made-up tree; libraries are small unless they say otherwise. */
export function makeInput(
  language: MirrorInput['language'],
  items: Readonly<Record<string, Item>>,
  choice: Partial<MirrorInput['choice']> = {},
): MirrorInput {
  const natives = new Map<string, NativeFile>();
  for (const [path, item] of Object.entries(items)) {
    if (item === null || typeof item === 'string') continue;
    const { bytes, ...facts } = item;
    natives.set(path, elfOf(facts));
  }
  return {
    entries: Object.entries(items)
      .map(([path, item]) => entryFor(path, item))
      .sort((a, b) => compareCodeUnits(a.path, b.path)),
    natives,
    language,
    choice: { minBytes: MIB, only: [], except: [], ...choice },
  };
}

function entryFor(rawPath: string, item: Item): Entry {
  const path = toArtifactPath(rawPath);
  if (typeof item === 'string') return { kind: 'link', path, target: item, origin: ORIGIN };
  const source = { kind: 'memory', data: Buffer.from(rawPath) } as const;
  const origin: Origin = /^[^/]+\.[cm]js$/.test(rawPath) ? { kind: 'entry', inputs: [] } : ORIGIN;
  const bytes = item?.bytes ?? source.data.length;
  return { kind: 'file', path, source, bytes, mode: 0o644, origin };
}

export function treeOf({ entries }: MirrorInput): Tree {
  return { entries, packages: [], removals: [] };
}

/** A plan in short: what a test looks at. */
export function planOf(
  language: MirrorInput['language'],
  items: Readonly<Record<string, Item>>,
  choice: Partial<MirrorInput['choice']> = {},
) {
  return brief(planMirror(makeInput(language, items, choice)));
}

export function brief(plan: MirrorPlan) {
  return {
    compressed: plan.compressed.map(({ path }) => path as string),
    links: plan.links.map(({ path, target }) => (path === target ? path : `${path} > ${target}`)),
    aliases: plan.aliases.map(({ path, target }) => `${path} > ${target}`),
    addons: plan.addons,
    stubs: plan.stubs as readonly string[],
    moved: plan.moved.map(({ from }) => from as string),
    skipped: plan.skipped.map(({ path, reason }) => `${path}: ${reason}`),
  };
}
