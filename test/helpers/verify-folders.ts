import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { IsolationChoice } from '../../src/lambda/types.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { findSuspects } from '../../src/verify/suspects.ts';
import { type Verified, verify } from '../../src/verify/verify.ts';
import { eventOf, OPTIONS, settingsOf } from './folder-function.ts';
import { makeContext } from './project.ts';

export interface FoldersToVerify {
  readonly original: string;
  readonly slim: string;
  readonly runtime: string;
  readonly handler?: string;
  /** By name; none starts both only. */
  readonly events?: Readonly<Record<string, unknown>>;
  readonly isolation?: IsolationChoice;
  readonly memoryMiB?: number;
  readonly signal?: AbortSignal;
}

/** Verifies one folder against another in the real local Lambda. */
export function verifyFolders(folders: FoldersToVerify): Promise<Verified> {
  const { original, slim, events = {}, handler = 'index.handler', memoryMiB = 512 } = folders;
  return withTempDir(async dir => {
    const work = join(dir, 'work');
    await mkdir(work);
    const settings = (code: string) => ({
      ...settingsOf(code),
      handler,
      memoryMiB,
      timeoutMs: 60_000,
      runtime: findRuntime(folders.runtime),
      arch: process.arch === 'arm64' ? ('arm64' as const) : ('x64' as const),
    });
    const { signal = new AbortController().signal } = folders;
    const result = verify(
      {
        original: settings(original),
        slim: settings(slim),
        events: Object.entries(events).map(([name, value]) => eventOf(name, value)),
        options: OPTIONS,
        suspects: () => findSuspects(original, slim, null),
        isolation: folders.isolation ?? 'auto',
      },
      makeContext(work, { cacheDir: findCacheDir(process.cwd(), process.env), signal }),
    );
    await result.catch(() => {});
    assert.equal(await readdir(work), [], 'nothing is left behind');
    return result;
  });
}

/** What was blamed: rule, and the paths whose return mends it. */
export function blamedBy({ findings }: Verified): readonly (readonly [string, readonly string[]])[] {
  return findings.flatMap(finding =>
    finding.code === 'VERIFY_BLAME' ? [[finding.rule, finding.paths] as const] : [],
  );
}
