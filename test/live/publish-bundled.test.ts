import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { readZipDirectory } from '../../src/zip/read-zip.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { runFake } from '../helpers/fake-io.ts';
import { hasMoto } from '../helpers/moto.ts';
import { onMoto, onStub, type Place } from '../helpers/publish-places.ts';

const EVENT = resolve('fixtures/events/invoke-image.json');
const BOOT = { label: 'Ankle boot', probability: 0.944 };

interface Item {
  readonly what: string;
  readonly name: string;
  readonly outcome: string;
  readonly where: string | null;
}

interface Published {
  readonly items: readonly Item[];
  readonly urls: readonly string[];
  readonly sentBytes: number;
}

/** What a test works with: an account, a folder, and the command line in it. */
interface Desk {
  readonly place: Place;
  readonly dir: string;
  readonly publish: (...argv: readonly string[]) => Promise<Published>;
}

/** So that both tests install and compress once. */
const CACHE = await mkdtemp(join(tmpdir(), 'publish-bundled-'));
test.after(() => rm(CACHE, { recursive: true }));

const envOf = (dir: string) => ({ PATH: process.env.PATH ?? '', HOME: dir, LAMBDA_SLIM_CACHE: CACHE });

function openDesk(place: Place, dir: string): Desk {
  const cwd = dir;
  const env = { ...place.env, ...envOf(dir) };
  return {
    place,
    dir,
    async publish(...argv) {
      const { code, stdout, stderr } = await runFake(['publish', ...argv, '--json'], { cwd, env });
      assert.is(code, 0, `${argv.join(' ')}: ${stdout}${stderr}`);
      return JSON.parse(stdout) as Published;
    },
  };
}

const CLASSIFY = ['--function', 'resnet', '--function-name', 'classify'];

const outcomesOf = ({ items }: Published): readonly string[] =>
  items.map(({ what, name, outcome }) => `${what} ${name} ${outcome}`);

/** Publishes twice; the second time nothing that writes is sent. */
async function publishTwice({ place, publish }: Desk, argv: readonly string[]): Promise<Published> {
  const first = await publish(...argv);
  const before = place.writes();
  const second = await publish(...argv);
  assert.equal(place.writes().slice(before.length), []);
  assert.is(second.sentBytes, 0);
  assert.ok(
    second.items.every(({ outcome }) => outcome === 'unchanged' || outcome === 'reused'),
    outcomesOf(second).join(),
  );
  assert.equal(second.urls, first.urls);
  return first;
}

/** Runs what the account says it has, as it says that it is set up, on this machine. */
async function ask({ place, dir }: Desk, name: string, qualifier: string): Promise<unknown> {
  const deployed = await place.lambda.getFunctionConfiguration({ FunctionName: name, Qualifier: qualifier });
  const code = join(dir, 'deployed.zip');
  await writeFile(code, await place.fetchCode(name, qualifier));
  const layers = (deployed.Layers ?? []).map(async ({ Arn = '' }, index) => {
    const path = join(dir, `layer-${index}.zip`);
    await writeFile(path, await place.fetchLayer(Arn));
    return ['--layer', path];
  });
  const variables = Object.entries(deployed.Environment?.Variables ?? {}).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ]);
  const settings = ['--handler', deployed.Handler ?? '', '--runtime', deployed.Runtime ?? ''];
  const argv = ['invoke', code, '--event', EVENT, '--json', ...settings, ...variables];
  const {
    stdout,
    stderr,
    code: exit,
  } = await runFake([...argv, ...(await Promise.all(layers)).flat()], {
    cwd: dir,
    env: envOf(dir),
  });
  assert.is(exit, 0, stdout + stderr);
  return JSON.parse(stdout).answer;
}

async function pathsOf(zip: Buffer, dir: string): Promise<readonly string[]> {
  const path = join(dir, 'look.zip');
  await writeFile(path, zip);
  return (await readZipDirectory(path)).entries.map(entry => entry.path);
}

async function checkZip(desk: Desk): Promise<unknown> {
  const made = await publishTwice(desk, [...CLASSIFY, '--create-role']);
  assert.equal(outcomesOf(made), ['role classify-lambda-slim created', 'function classify created']);
  const built = await readFile(join(desk.dir, 'lambda-slim-out/resnet.zip'));
  assert.ok(built.equals(await desk.place.fetchCode('classify', '$LATEST')));
  return ask(desk, 'classify', '$LATEST');
}

async function checkLayers(desk: Desk): Promise<unknown> {
  const { place, dir } = desk;
  const argv = [...CLASSIFY, '--target', 'layer', '--alias', 'live', '--url', '--http-api'];
  const made = await publishTwice(desk, argv);
  assert.equal(outcomesOf(made), [
    'layer classify-native-1 created',
    'layer classify-models-1 created',
    'layer classify-deps-1 created',
    'function classify updated',
    'tags classify updated',
    'version 1 created',
    'alias live created',
    'url live created',
    'http-api classify created',
  ]);
  assert.match(made.urls.join(' '), /^https:\S+lambda-url\S+ https:\S+execute-api\S+\/predict$/);
  const { Layers, Environment } = await place.lambda.getFunctionConfiguration({
    FunctionName: 'classify',
    Qualifier: 'live',
  });
  assert.is(Environment?.Variables?.MODEL_DIR, '/opt/model');
  const code = await pathsOf(await place.fetchCode('classify', 'live'), dir);
  assert.not.match(code.join('\n'), /node_modules|^model/m);
  const [native = '', models = ''] = (Layers ?? []).map(({ Arn = '' }) => Arn);
  const paths = await pathsOf(await place.fetchLayer(native), dir);
  assert.ok(paths.some(path => path.endsWith('.node')));
  assert.ok(
    paths.every(path => path.startsWith('nodejs/node_modules/')),
    paths.join(),
  );
  assert.equal(await pathsOf(await place.fetchLayer(models), dir), [
    'model/model.json',
    'model/resnet20-fashion.onnx',
  ]);
  return ask(desk, 'classify', 'live');
}

/** Moto writes the conditions of a statement in its own way, so that a second time is for the stub alone. */
async function checkPublicUrl({ place: { lambda }, publish }: Desk): Promise<void> {
  const qualified = { FunctionName: 'classify', Qualifier: 'live' };
  assert.is((await lambda.getFunctionUrlConfig(qualified)).AuthType, 'AWS_IAM');
  await publish(...CLASSIFY, '--target', 'layer', '--alias', 'live', '--url', '--public');
  assert.is((await lambda.getFunctionUrlConfig(qualified)).AuthType, 'NONE');
  const { Policy = '' } = await lambda.getPolicy(qualified);
  const { Statement } = JSON.parse(Policy) as {
    readonly Statement: readonly { readonly Sid: string; readonly Action: string }[];
  };
  const allowed = Statement.filter(({ Sid }) => Sid.startsWith('lambda-slim-url'));
  assert.equal(
    allowed.map(({ Action }) => Action),
    ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
  );
}

/** Weight goes back from the layers into the zip, part of the calls at first, and the alias can go back to the layers. */
async function checkWayBack(desk: Desk, expected: unknown): Promise<void> {
  const { publish } = desk;
  await publishTwice(desk, [...CLASSIFY, '--alias', 'live', '--weight', '10']);
  const { lambda } = desk.place;
  const alias = () => lambda.getAlias({ FunctionName: 'classify', Name: 'live' });
  const canary = await alias();
  assert.equal([canary.FunctionVersion, canary.RoutingConfig?.AdditionalVersionWeights], ['1', { '2': 0.1 }]);
  assert.equal(await ask(desk, 'classify', '2'), expected);
  assert.equal((await lambda.getFunctionConfiguration({ FunctionName: 'classify' })).Layers ?? [], []);
  await publishTwice(desk, [...CLASSIFY, '--alias', 'live']);
  assert.is((await alias()).FunctionVersion, '2');
  await publish('--function-name', 'classify', '--alias', 'live', '--rollback');
  assert.is((await alias()).FunctionVersion, '1');
  assert.equal(await ask(desk, 'classify', 'live'), expected);
}

/** Archives that stay in the bucket, and such as are too large for the call itself. */
async function checkBucket(desk: Desk): Promise<void> {
  const { place, dir } = desk;
  const role = ['--role', 'classify-lambda-slim', '--bucket', 'code'];
  const kept = ['--function', 'resnet', '--function-name', 'kept', ...role, '--storage', 'reference'];
  const { items } = await publishTwice(desk, kept);
  const built = await readFile(join(dir, 'lambda-slim-out/resnet.zip'));
  await assertStored(place, built, items);
  const padded = zipOf({
    'index.mjs': 'export const handler = async () => 1;\n',
    pad: randomBytes(53 * 1024 * 1024),
  });
  await writeFile(join(dir, 'padded.zip'), padded);
  const facts = ['--handler', 'index.handler', '--runtime', 'nodejs24.x', '--arch', 'x64'];
  const named = ['padded.zip', ...facts, '--function-name', 'padded', '--publish', ...role];
  const whole = await publishTwice(desk, named);
  await assertStored(place, padded, whole.items);
  assert.ok(outcomesOf(whole).includes('version 1 created'));
  const { CodeSha256 } = await place.lambda.getFunctionConfiguration({ FunctionName: 'padded' });
  assert.is(CodeSha256, createHash('sha256').update(padded).digest('base64'));
}

async function assertStored({ s3 }: Place, zip: Buffer, items: readonly Item[]): Promise<void> {
  const sent = items.find(({ what }) => what === 'object');
  const key = `lambda-slim/${createHash('sha256').update(zip).digest('hex')}.zip`;
  assert.equal([sent?.name, sent?.where], [key, `s3://code/${key}`]);
  const { Body } = await s3.getObject({ Bucket: 'code', Key: key });
  assert.ok(zip.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0)));
}

function checkAll(place: Place): Promise<void> {
  return withTempDir(async dir => {
    await writeFile(join(dir, 'package.json'), '{}');
    const desk = openDesk(place, dir);
    const whole = await checkZip(desk);
    assert.equal((whole as { predictions: readonly unknown[] }).predictions[0], BOOT);
    assert.equal(await checkLayers(desk), whole);
    await checkPublicUrl(desk);
    await checkWayBack(desk, whole);
    await checkBucket(desk);
  });
}

if (process.platform === 'linux') {
  test('the bundled function in the stub: what was sent is fetched back, and predicts the same, whole or in layers', () =>
    onStub(checkAll));
  if (hasMoto())
    test('the bundled function in moto: what it was sent predicts the same, whole or in layers', () =>
      onMoto(checkAll));
}

test.run();
