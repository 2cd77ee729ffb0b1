import { basename } from 'node:path';
import { limits } from '../../platform/limits.ts';
import type { VerifyReport } from '../../types.ts';
import { printable } from '../printable.ts';
import type { PageLinkage, PageStarts, PageSubject } from './page-types.ts';
import type { ManifestReading } from './parse-manifest.ts';
import type { NeedState, SubjectInput } from './subject-input.ts';
import { toTables } from './to-tables.ts';
import { wordFindings } from './word-findings.ts';

/** What is known of an artifact beside its bytes. */
export interface SubjectContext {
  readonly runtime: string | null;
  readonly arch: string | null;
  /** Null where none lies beside it. */
  readonly manifest: ManifestReading | null;
  readonly starts: readonly PageStarts[];
}

/** Prepares one artifact for the page. The same artifact gives the same data on every machine. */
export function toSubject(input: SubjectInput, context: SubjectContext): PageSubject {
  const { facts } = input;
  const manifest = context.manifest?.ok ? context.manifest.manifest : null;
  const file = basename(facts.path);
  return {
    name: printable(manifest?.name ?? file.replace(/\.zip$/, '')),
    file: printable(file),
    runtime: context.runtime,
    arch: context.arch,
    handler: manifest ? printable(manifest.handler) : null,
    codeSha256: facts.codeSha256,
    zippedBytes: facts.zippedBytes,
    unzippedBytes: facts.unzippedBytes,
    limits: { zipped: limits.zippedBytes, unzipped: limits.unzippedBytes },
    notes: noteMissing(context, printable(file)),
    ...toTables(input, manifest),
    stages:
      manifest?.stages.map(({ stage, bytes, files }) => ({ stage: printable(stage), bytes, files })) ?? [],
    findings: wordFindings(input.findings, manifest?.findings ?? [], facts.path),
    linkage: toLinkage(input),
    starts: context.starts,
  };
}

const STATES = {
  artifact: ['artifact', ''],
  compressed: ['artifact', 'travels compressed, and is inflated at run time'],
  runtime: ['runtime', 'the runtime has it'],
  uncertain: ['unknown', 'newer images of the runtime have it'],
  elsewhere: ['artifact', 'not where the linker looks: '],
  missing: ['missing', 'nowhere'],
  unknown: ['unknown', 'not in the artifact'],
} as const satisfies Record<NeedState, readonly [string, string]>;

function toLinkage({ linkage }: SubjectInput): readonly PageLinkage[] {
  return linkage.map(({ path, needs }) => ({
    path: printable(path),
    needs: needs.map(need => {
      const [state, words] = STATES[need.state];
      return { library: printable(need.library), state, from: `${words}${printable(need.path ?? '')}` };
    }),
  }));
}

function noteMissing({ manifest, runtime }: SubjectContext, file: string): readonly string[] {
  const notes: string[] = [];
  if (manifest === null)
    notes.push(
      `No manifest lies beside ${file}, so what was removed, and the stages of the build, are not known.`,
    );
  else if (!manifest.ok)
    notes.push(`The manifest beside ${file} was not used: ${printable(manifest.reason)}.`);
  if (manifest?.ok && manifest.manifest.efs)
    notes.push('Its packages lie in a bundle for a file system; this is what is in the zip.');
  if (runtime === null)
    notes.push(
      `No runtime is known of ${file}, so its libraries are judged only by what holds on all of them; name it with --runtime.`,
    );
  return notes;
}

/** The figures that verifying gave; medians of a few runs. */
export function startsOf({ original, slim }: VerifyReport): readonly PageStarts[] {
  const named = [
    ['original', original],
    ['slim', slim],
  ] as const;
  const starts = named.flatMap(([name, figures]): PageStarts[] => {
    if (!figures) return [];
    const one = (ms: number | null): readonly number[] => (ms === null ? [] : [ms]);
    return [{ name, init: one(figures.initMs), first: one(figures.coldMs), warm: one(figures.warmMs) }];
  });
  return starts.filter(({ init, first, warm }) => init.length + first.length + warm.length > 0);
}
