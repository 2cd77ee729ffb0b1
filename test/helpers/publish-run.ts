import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAccount } from '../../src/aws/open-account.ts';
import type { Patience } from '../../src/aws/types.ts';
import { makeGuard } from '../../src/publish/guard.ts';
import { type Prepared, preparePublish } from '../../src/publish/prepare-publish.ts';
import { type PublishFlags, resolveSettings } from '../../src/publish/resolve-settings.ts';
import { runPublish } from '../../src/publish/run-publish.ts';
import type {
  Package,
  PublishConfig,
  PublishReport,
  PublishSettings,
  PublishWishes,
} from '../../src/publish-types.ts';
import type { Context, Progress } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';
import type { StubRequest } from './aws-stub/server.ts';
import { type ZipContent, zipOf } from './aws-stub/zip-of.ts';

export type Contents = Readonly<Record<string, ZipContent>>;

/** One publishing: what is in the artifact, and what is said of it. */
export interface Wish {
  readonly files: Contents;
  readonly config?: PublishConfig;
  readonly flags?: Partial<PublishFlags>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly memoryMiB?: number;
}

export interface Publishing {
  readonly stub: AwsStub;
  readonly publish: (wish: Wish, options?: RunOptions) => Promise<PublishReport>;
  /** Looks and plans only. */
  readonly prepare: (wish: Wish) => Promise<Prepared>;
  /** Operations asked for since the last time, in their order. */
  readonly takeCalls: () => readonly { readonly operation: string; readonly isWrite: boolean }[];
  readonly takeWrites: () => readonly string[];
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** Called when it is planned, before anything is written. */
  readonly onPlan?: (prepared: Prepared) => unknown;
}

/** One attempt of each call, so that a fault is one for good. */
const QUICK = { pollMs: 1, waitMs: 3000, attempts: 1, silenceMs: 2000 } as const;
const SILENT: Progress = { start: () => {}, tick: () => {}, done: () => {} };
const NO_FLAGS: PublishFlags = { createRole: false, weight: null, keep: null, isPublic: false };

/** Publishes small zips to the stub, as the command does after its checks. */
export function withPublishing(
  options: AwsStubOptions,
  use: (publishing: Publishing) => Promise<void>,
): Promise<void> {
  return withTempDir(dir =>
    withAwsStub(options, async stub => {
      let taken = 0;
      const takeCalls = () => {
        const calls = stub.requests.slice(taken);
        taken = stub.requests.length;
        return calls;
      };
      await use({
        stub,
        takeCalls,
        takeWrites: () =>
          takeCalls()
            .filter(({ isWrite }) => isWrite)
            .map(({ operation }) => operation),
        publish: (wish, run) => publishTo(stub, dir, wish, run),
        prepare: async wish => {
          const { signal } = new AbortController();
          const account = await openAccount(stub.env, { ...QUICK, signal });
          const { artifact, context } = await pack(stub, dir, wish, signal);
          return preparePublish(artifact, settingsOf(wish), account, context);
        },
      });
    }),
  );
}

async function publishTo(
  stub: AwsStub,
  dir: string,
  wish: Wish,
  { signal = new AbortController().signal, patience, onPlan }: RunOptions = {},
): Promise<PublishReport> {
  const guard = makeGuard(signal, () => {});
  try {
    const account = await openAccount(stub.env, { ...QUICK, ...patience, signal: guard.signal });
    const { artifact, context } = await pack(stub, dir, wish, guard.signal);
    const prepared = await preparePublish(artifact, settingsOf(wish), account, context);
    await onPlan?.(prepared);
    return await runPublish(prepared.plan, { account, state: prepared.state, guard, progress: SILENT });
  } finally {
    guard.close();
  }
}

/** The settings of a wish: a function `classify` with the role of the stub, unless said otherwise. */
export function settingsOf({ config, flags, environment = {}, memoryMiB, handler }: Wish): PublishSettings {
  const wishes: PublishWishes = {
    config: { functionName: 'classify', role: 'lambda-role', ...config },
    memoryMiB: memoryMiB ?? null,
    timeoutSeconds: null,
    tmpMiB: null,
  };
  const subject = { handler: handler ?? 'index.handler', runtime: 'nodejs22.x', arch: 'x64' } as const;
  return resolveSettings({ ...subject, environment, wishes }, { ...NO_FLAGS, ...flags });
}

async function pack(
  stub: AwsStub,
  dir: string,
  { files }: Wish,
  signal: AbortSignal,
): Promise<{ readonly artifact: Package; readonly context: Context }> {
  const workDir = await mkdtemp(join(dir, 'run-'));
  const path = join(workDir, 'function.zip');
  const zip = zipOf(files);
  await writeFile(path, zip);
  const { entries } = await readZipDirectory(path);
  const digest = createHash('sha256').update(zip).digest();
  const artifact = {
    path,
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
    zippedBytes: zip.length,
    unzippedBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const context = { cwd: dir, env: stub.env, cacheDir: null, workDir, signal, progress: SILENT };
  return { artifact, context };
}

/** Calls `act` when the stub gets the first request that is meant, before it is answered. */
export function onRequest(
  { requests }: AwsStub,
  isMeant: (request: StubRequest) => boolean,
  act: () => void,
): void {
  const list = requests as StubRequest[];
  let isDue = true;
  list.push = (...items) => {
    if (isDue && items.some(isMeant)) {
      isDue = false;
      act();
    }
    return Array.prototype.push.apply(list, items);
  };
}
