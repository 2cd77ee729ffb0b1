import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verifyStore } from '../../src/bundle/sync/verify-store.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type AwsStub, withAwsStub } from '../helpers/aws-stub/aws-stub.ts';
import type { Invocation } from '../helpers/aws-stub/state.ts';
import { runFake } from '../helpers/fake-io.ts';
import { HOST_ARCH, invokeArtifact } from '../helpers/invoke.ts';
import { buildSync, type LocalSync, withLocalSync } from '../helpers/local-efs-sync.ts';
import { ACCESS_POINT } from '../helpers/publish-efs.ts';

const EVENT = resolve('fixtures/events/invoke-image.json');

interface Published {
  readonly items: readonly { readonly what: string; readonly outcome: string; readonly detail: string }[];
  readonly calls?: readonly { readonly call: string; readonly bytes: number | null }[];
  readonly notes: readonly string[];
  readonly sentBytes: number;
  readonly answer: string;
}

/** Runs what the account has for the function, as the account says that it is set up, with the folder as its mount. */
async function runDeployed({ state }: AwsStub, { event }: Invocation, dir: string): Promise<unknown> {
  const { code, settings } = state.functions.get('classify')?.latest ?? {};
  const zip = join(dir, 'deployed.zip');
  await writeFile(zip, code?.zip ?? '');
  const workDir = join(dir, `work-${Date.now()}`);
  await mkdir(workDir);
  const [mount] = settings?.FileSystemConfigs ?? [];
  const { answer, error, log } = await invokeArtifact(zip, workDir, {
    event,
    handler: settings?.Handler,
    runtime: settings?.Runtime,
    environment: settings?.Environment?.Variables,
    memoryMiB: settings?.MemorySize,
    timeoutMs: 60_000,
    isolation: 'auto',
    mount: { path: mount?.LocalMountPath ?? '', folder: join(dir, 'mount') },
    cacheDir: findCacheDir(process.cwd(), process.env),
  });
  if (error) throw Object.assign(new Error(`${error.errorMessage}\n${log}`), { name: error.errorType });
  return answer;
}

test('from a build to an answer: bundle, sync function, sync, function, sample', () =>
  withTempDir(async dir => {
    const mount = join(dir, 'mount');
    await mkdir(mount);
    await chmod(mount, 0o777);
    const zip = await buildSync(join(dir, 'sync'));
    const box: { sync: LocalSync | null; stub: AwsStub | null } = { sync: null, stub: null };
    const invoke = (invocation: Invocation): unknown =>
      invocation.functionName === 'classify-efs-sync'
        ? box.sync?.invoke(invocation)
        : runDeployed(box.stub as AwsStub, invocation, dir);
    const seed = { buckets: { bundles: {} }, accessPoints: { [ACCESS_POINT]: { throughput: 'bursting' } } };
    await withAwsStub({ seed, invoke }, async stub => {
      box.stub = stub;
      await withLocalSync({ zip, dir: join(dir, 'sync'), mount, env: stub.env }, async sync => {
        box.sync = sync;
        await publishTwice(stub, dir, zip, mount);
      });
    });
  }));

async function publishTwice(stub: AwsStub, dir: string, zip: string, mount: string): Promise<void> {
  const env = { ...stub.env, PATH: process.env.PATH ?? '', HOME: dir, LAMBDA_SLIM_CACHE: join(dir, 'cache') };
  const publish = async (...more: readonly string[]): Promise<Published> => {
    const argv = [
      ...['publish', '--function', 'resnet', '--function-name', 'classify', '--arch', HOST_ARCH],
      ...['--target', 'efs', '--access-point', ACCESS_POINT, '--mount', '/mnt/ml', '--bucket', 'bundles'],
      ...['--subnet', 'subnet-1', '--security-group', 'sg-1', '--create-role', '--no-verify', '--json'],
    ];
    const { code, stdout, stderr } = await runFake([...argv, ...more], { cwd: dir, env });
    assert.is(code, 0, stdout + stderr);
    return JSON.parse(stdout) as Published;
  };
  const { calls = [], notes } = await publish('--dry-run');
  assert.equal(stub.requests.filter(({ isWrite }) => isWrite).length, 0);
  assert.match(notes.join(), /bursting/);
  const made = await publish('--sample', EVENT);
  assert.equal(
    made.items.map(({ what, outcome }) => `${what} ${outcome}`),
    [
      ...['role created', 'bundle sent', 'function created', 'release created', 'function created'],
      'sample unchanged',
    ],
  );
  assert.is(
    made.sentBytes,
    calls.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  );
  assert.match(made.answer, /Ankle boot/);
  console.log(made.items.map(({ what, detail }) => `${what}: ${detail}`).join('\n'));
  const worker = stub.state.functions.get('classify-efs-sync')?.latest.code.zip;
  assert.ok(worker?.equals(await readFile(zip)), 'what is published is what was built');
  const found = await verifyStore(join(mount, 'classify'));
  assert.equal(found.problems, []);
  const before = stub.requests.length;
  const again = await publish();
  assert.is(again.sentBytes, 0);
  assert.equal(
    stub.requests.slice(before).filter(({ isWrite }) => isWrite),
    [],
    'nothing is sent again',
  );
}

test.run();
