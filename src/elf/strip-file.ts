import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { openFileSource } from './byte-sources.ts';
import { planStrip, type Removed, type StripPlan } from './plan-strip.ts';
import type { ByteSource } from './types.ts';
import { verifyStripped } from './verify-stripped.ts';
import { writeStripped } from './write-stripped.ts';

export type StripResult =
  | { readonly outcome: 'stripped'; readonly bytes: number; readonly removed: Removed }
  | { readonly outcome: 'nothing to strip' }
  /** Stripping it would not be safe. */
  | { readonly outcome: 'kept'; readonly reason: string }
  /** The stripped copy did not pass the verification. */
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * Writes a stripped copy of the file `from` to `to` (which may be the same), verified, with its mode. Where the outcome is
 * not `stripped`, `to` is left as it was. Takes a few MiB of memory whatever the size. Throws what `fs` throws.
 */
export function stripFile(from: string, to: string): StripResult {
  const source = openFileSource(from);
  try {
    const planning = planStrip(source);
    if (planning.outcome !== 'stripped') return planning;
    const temporary = `${to}.${randomBytes(6).toString('hex')}.partial`;
    return replaceFile(source, planning.plan, temporary, to, statSync(from).mode & 0o777);
  } finally {
    source.close();
  }
}

function replaceFile(
  source: ByteSource,
  plan: StripPlan,
  temporary: string,
  to: string,
  mode: number,
): StripResult {
  let isMoved = false;
  try {
    writeFile(source, plan, temporary, mode);
    const [problem] = verifyFile(source, temporary);
    if (problem !== undefined) return { outcome: 'kept', reason: `failed verification: ${problem}` };
    renameSync(temporary, to);
    isMoved = true;
    return { outcome: 'stripped', bytes: plan.bytes, removed: plan.removed };
  } finally {
    if (!isMoved) rmSync(temporary, { force: true });
  }
}

function verifyFile(source: ByteSource, path: string): readonly string[] {
  const written = openFileSource(path);
  try {
    return verifyStripped(source, written);
  } finally {
    written.close();
  }
}

function writeFile(source: ByteSource, plan: StripPlan, path: string, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    ftruncateSync(fd, plan.bytes);
    writeStripped(plan, source, (bytes, at) => {
      for (let done = 0; done < bytes.length; )
        done += writeSync(fd, bytes, done, bytes.length - done, at + done);
    });
  } finally {
    closeSync(fd);
  }
}
