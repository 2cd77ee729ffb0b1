import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount } from '../../src/aws/open-account.ts';
import type { Patience } from '../../src/aws/types.ts';
import { writeBundle } from '../../src/bundle/write-bundle.ts';
import { openBundle } from '../../src/publish/efs/open-bundle.ts';
import { makeGuard } from '../../src/publish/guard.ts';
import { listCalls } from '../../src/publish/list-calls.ts';
import { type Prepared, preparePublish } from '../../src/publish/prepare-publish.ts';
import { resolveSettings } from '../../src/publish/resolve-settings.ts';
import { runPublish } from '../../src/publish/run-publish.ts';
import type { EfsConfig } from '../../src/publish-config.ts';
import type { Package, PlannedCall, PublishConfig, PublishReport } from '../../src/publish-types.ts';
import type { Context } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { toEntries } from '../rest/make-slim.ts';
import { type AwsStub, type AwsStubOptions, withAwsStub } from './aws-stub/aws-stub.ts';
import type { Invocation } from './aws-stub/state.ts';
import { zipOf } from './aws-stub/zip-of.ts';
import { type FakeStore, openFakeStore } from './fake-sync-function.ts';

export const ACCESS_POINT =
  'arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0';
export const S3_FILES =
  'arn:aws:s3files:eu-west-1:123456789012:file-system/fs-0123456789abcdef0/access-point/fsap-0123456789abcdef0';
export const VPC = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };

/** One publishing: what is in the zip and on the file system, and what is said of it. */
export interface EfsWish {
  readonly code?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly efs?: EfsConfig;
  readonly config?: PublishConfig;
  readonly createRole?: boolean;
  readonly sample?: string;
  readonly memoryMiB?: number;
  readonly worker?: string;
}

export interface EfsDesk {
  readonly stub: AwsStub;
  readonly store: FakeStore;
  readonly publish: (wish: EfsWish, patience?: Partial<Patience>) => Promise<PublishReport>;
  readonly prepare: (wish: EfsWish) => Promise<Prepared>;
  readonly plan: (wish: EfsWish) => Promise<readonly PlannedCall[]>;
  /** Writing operations since the last time. */
  readonly takeWrites: () => readonly string[];
}

const QUICK = { pollMs: 1, waitMs: 3000, attempts: 1, silenceMs: 2000 } as const;
const SILENT = { start: () => {}, tick: () => {}, done: () => {} };

/** Publishes to the stub as the command does; what syncs is a fake that looks whether S3 has the objects. */
export function withEfsDesk(
  use: (desk: EfsDesk) => Promise<void>,
  { seed, invoke, ...options }: AwsStubOptions = {},
): Promise<void> {
  return withTempDir(async dir => {
    const box: { store: FakeStore | null } = { store: null };
    const answer = (invocation: Invocation): unknown =>
      invocation.functionName.endsWith('-efs-sync')
        ? box.store?.invoke(invocation)
        : (invoke?.(invocation) ?? invocation.event);
    const all = {
      buckets: { bundles: {} },
      accessPoints: { [ACCESS_POINT]: {} },
      ...seed,
    };
    await withAwsStub({ newRoleRefusals: 0, ...options, invoke: answer, seed: all }, async stub => {
      const store = openFakeStore(stub);
      box.store = store;
      let taken = 0;
      await use({
        stub,
        store,
        publish: async (wish, patience) => (await work(stub, dir, wish, patience)).publish(),
        prepare: async wish => (await work(stub, dir, wish)).prepare(),
        plan: async wish => listCalls((await (await work(stub, dir, wish)).prepare()).plan),
        takeWrites: () => {
          const calls = stub.requests.slice(taken);
          taken = stub.requests.length;
          return calls.filter(({ isWrite }) => isWrite).map(({ operation }) => operation);
        },
      });
    });
  });
}

async function work(stub: AwsStub, dir: string, wish: EfsWish, patience: Partial<Patience> = {}) {
  const { signal } = new AbortController();
  const guard = makeGuard(signal, () => {});
  const account = await openAccount(stub.env, { ...QUICK, ...patience, signal: guard.signal });
  const workDir = await mkdtemp(join(dir, 'run-'));
  const context: Context = {
    ...{ cwd: dir, env: stub.env, cacheDir: null, workDir, progress: SILENT },
    signal: guard.signal,
  };
  const artifact = await pack(workDir, 'function.zip', wish.code ?? 'handler 1');
  const worker = await pack(workDir, 'worker.zip', wish.worker ?? 'sync 1');
  const settings = await settle(wish, context);
  const prepare = () => preparePublish(artifact, settings, account, context, worker);
  return {
    prepare,
    async publish(): Promise<PublishReport> {
      try {
        const { plan, state } = await prepare();
        return await runPublish(plan, { account, state, guard, progress: SILENT });
      } finally {
        guard.close();
      }
    },
  };
}

const made = new Map<string, Promise<string>>();

/** The same files are made into a bundle once; its threads take longer to start than all the rest. */
function bundleOf(files: EfsWish['files']): Promise<string> {
  const key = JSON.stringify(files);
  const path = made.get(key) ?? writeFiles(files);
  made.set(key, path);
  return path;
}

async function writeFiles(files: EfsWish['files']): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'publish-efs-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const path = join(dir, 'function.bundle');
  const inputs = toEntries(files).map(entry => ({ entry, group: entry.path.split('/')[0] ?? '' }));
  const { signal } = new AbortController();
  await writeBundle(inputs, path, { name: 'classify', signal, workers: 1 });
  return path;
}

async function settle(wish: EfsWish, context: Context) {
  const path = await bundleOf(wish.files);
  const efs: EfsConfig = { accessPoint: ACCESS_POINT, bucket: 'bundles', ...wish.efs };
  const subject = {
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    arch: 'x64',
    environment: { STAGE: 'test' },
    wishes: {
      config: {
        ...{ functionName: 'classify', target: 'efs', vpc: VPC, efs },
        role: wish.createRole ? undefined : 'lambda-role',
        ...wish.config,
      } satisfies PublishConfig as PublishConfig,
      memoryMiB: wish.memoryMiB ?? null,
      timeoutSeconds: null,
      tmpMiB: null,
    },
    efs: {
      bundle: await openBundle(path, efs.via ?? 'sync', context),
      environment: { MODEL_DIR: '{root}/model' },
      sample: wish.sample ?? null,
    },
  } as const;
  const flags = { createRole: wish.createRole === true, weight: null, keep: null, isPublic: false };
  return resolveSettings(subject, flags);
}

async function pack(dir: string, name: string, code: string): Promise<Package> {
  const path = join(dir, name);
  const zip = zipOf({ 'index.mjs': code });
  await writeFile(path, zip);
  const { entries } = await readZipDirectory(path);
  const digest = createHash('sha256').update(zip).digest();
  return {
    path,
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
    zippedBytes: zip.length,
    unzippedBytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
