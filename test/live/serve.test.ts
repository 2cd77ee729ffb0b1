import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';

const BAG = resolve('src/handlers/resnet/samples/bag.jpg');
const HAS_CURL = spawnSync('curl', ['--version']).status === 0;

const test = suite('serve, with the bundled function');
let dir = '';

test.before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'serve-live-'));
  const env = { PATH: process.env.PATH ?? '' };
  const built = await runFake(['build', '--out', join(dir, 'out'), '--no-verify'], {
    cwd: process.cwd(),
    env,
  });
  assert.is(built.code, 0, built.stderr);
  await mkdir(join(dir, 'bin'));
  await mkdir(join(dir, 'tmp'));
  await copyFile('bin/lambda-slim.js', join(dir, 'bin/lambda-slim.js'));
  await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
  await symlink(fileURLToPath(new URL('../../src', import.meta.url)), join(dir, 'dist'), 'junction');
});

test.after(() => rm(dir, { recursive: true, force: true }));

interface Serving {
  readonly url: string;
  readonly stderr: () => string;
}

/** Serves in a process of its own until `use` is done, ends it with a signal, and looks for what stayed behind. */
async function withServe(argv: readonly string[], use: (serving: Serving) => Promise<void>): Promise<void> {
  const bin = join(dir, 'bin/lambda-slim.js');
  const env = { ...process.env, TMPDIR: join(dir, 'tmp') };
  const child = spawn(
    process.execPath,
    [bin, 'serve', join(dir, 'out/function.zip'), '--port', '0', ...argv],
    { env },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const ended = once(child, 'close');
  try {
    const [first] = await Promise.race([once(child.stdout, 'data'), ended.then(() => [stderr])]);
    const url = /http:\S+/.exec(String(first))?.[0];
    if (!url) throw new Error(String(first));
    await use({ url, stderr: () => stderr });
  } finally {
    child.kill('SIGINT');
    const [code] = await ended;
    assert.is(code, 0, stderr);
  }
  assert.equal(await readdir(join(dir, 'tmp')), []);
  assert.equal(await findProcesses(join(dir, 'tmp')), []);
}

/** Linux only: command lines that name a folder. */
async function findProcesses(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter(line => line.includes(folder));
}

interface Answer {
  readonly predictions: readonly { readonly label: string }[];
}

for (const api of ['http', 'rest', 'url']) {
  test(`a bag is known behind --api ${api}: as a form, as bytes, and by AWS's client`, () =>
    withServe(['--api', api], async ({ url, stderr }) => {
      const jpeg = new Uint8Array(await readFile(BAG));
      const form = new FormData();
      form.set('image', new Blob([jpeg], { type: 'image/jpeg' }), 'bag.jpg');
      const headers = { 'content-type': 'image/jpeg' };
      for (const init of [{ body: form }, { body: jpeg, headers }]) {
        const res = await fetch(`${url}/predict`, { method: 'POST', ...init });
        assert.is(res.status, 200, stderr());
        assert.is(((await res.json()) as Answer).predictions[0]?.label, 'Bag');
      }
      const nothing = await fetch(`${url}/`);
      assert.is(nothing.status, 400);
      const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
      const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials });
      const Payload = JSON.stringify({ image: Buffer.from(jpeg).toString('base64') });
      const invoked = await client.send(
        new InvokeCommand({ FunctionName: 'resnet', Payload, LogType: 'Tail' }),
      );
      client.destroy();
      const answer = JSON.parse(Buffer.from(invoked.Payload ?? []).toString()) as Answer;
      assert.equal([invoked.FunctionError, answer.predictions[0]?.label], [undefined, 'Bag']);
      assert.match(
        Buffer.from(invoked.LogResult ?? '', 'base64').toString(),
        /^REPORT RequestId: .*Duration: /m,
      );
      assert.is(stderr().match(/^REPORT .*Init Duration/gm)?.length, 1);
    }));
}

if (HAS_CURL) {
  test('curl -F and --data-binary work as the docs say', () =>
    withServe([], async ({ url }) => {
      for (const body of [
        ['-F', `image=@${BAG}`],
        ['--data-binary', `@${BAG}`, '-H', 'content-type: image/jpeg'],
      ]) {
        const curl = spawn('curl', ['-sS', '--fail', ...body, `${url}/predict`], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const answer = JSON.parse((await curl.stdout.setEncoding('utf8').toArray()).join('')) as Answer;
        assert.is(answer.predictions[0]?.label, 'Bag');
      }
    }));
}

test.run();
