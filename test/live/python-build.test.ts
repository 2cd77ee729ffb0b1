import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeAnyPython } from '../../src/lambda/find-python.ts';
import { runtimes } from '../../src/platform/runtimes.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';

const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
const signal = new AbortController().signal;

/** A runtime whose Python is on this machine, so that functions can be run; null without one. */
async function findRunnable(): Promise<{ readonly id: string; readonly python: string } | null> {
  for await (const { path, version } of describeAnyPython('3.12', { cwd: '/', signal })) {
    const runtime = runtimes.find(({ id }) => id === `python${version.split('.').slice(0, 2).join('.')}`);
    if (runtime) return { id: runtime.id, python: path };
  }
  return null;
}

const APP = `
import io
import numpy as np
from PIL import Image
from lib import scale

def handler(event, context):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 20, 30)).resize((4, 4)).save(out, "PNG")
    out.seek(0)
    return {"det": float(np.linalg.det(np.array(event["a"], dtype=float))), "sum": int(np.asarray(Image.open(out)).sum()), "twice": scale.twice(3)}
`;

const PROJECT: Files = {
  'requirements.txt': 'numpy\npillow\n',
  'app.py': APP,
  'lib/__init__.py': '',
  'lib/scale.py': 'def twice(x): return 2 * x\n',
  'tests/test_app.py': 'import app\n',
  '.env': 'SECRET=1\n',
  'events/one.json': '{"a": [[1, 2], [3, 4]]}',
};

const runnable = await findRunnable();
const RUNTIME = runnable?.id ?? 'python3.12';

/** Runs a command of the CLI, which has to end well, and gives its JSON. */
async function succeeds(cwd: string, args: readonly string[], own = env) {
  const { code, stdout, stderr } = await runFake([...args, '--json'], { cwd, env: own });
  assert.is(code, 0, stdout + stderr);
  return JSON.parse(stdout);
}

test('numpy and Pillow: build, plan, why, check, and where Python is here invoke and verify', () =>
  withProject(PROJECT, async cwd => {
    const built = await succeeds(cwd, ['build', 'app.py', '--runtime', RUNTIME, '--no-cache']);
    assert.is(built.handler, 'app.handler');
    assert.equal(
      built.findings
        .map(({ code }: { code: string }) => code)
        .filter((code: string) => /REQUIRE|SECRET|ARCH|ABI|TOO_NEW/.test(code)),
      ['REQUIREMENTS_LOOSE'],
    );
    const why = async (path: string) =>
      (await runFake(['why', path, 'app.py', '--runtime', RUNTIME], { cwd, env })).stdout;
    assert.match(await why('lib/scale.py'), /imported by\s+app\.py/);
    assert.match(await why('numpy/linalg/_linalg.py'), /of numpy@/);
    assert.match(await why('tests/test_app.py'), /^$/);
    const plan = await runFake(['plan', 'app.py', '--runtime', RUNTIME], { cwd, env });
    assert.match(plan.stdout, /collect\/launchers/);
    assert.is((await runFake(['check', 'lambda-slim-out/function.zip'], { cwd, env })).code, 0);
    if (!runnable) return;
    const invoked = await runFake(['invoke', '--event', 'events/one.json'], { cwd, env });
    assert.is(invoked.code, 0, invoked.stderr);
    assert.match(invoked.stdout, /"det":-2\.0000000000000004/);
    assert.match(invoked.stdout, /"twice":6/);
    const verified = await runFake(['verify', 'app.py', '--runtime', RUNTIME], { cwd, env });
    assert.is(verified.code, 0, verified.stdout + verified.stderr);
    assert.match(verified.stdout, /function\.zip\s+same/);
  }));

if (runnable) {
  test('pip and uv give the same bytes, for the CPU that this machine has not, and from a lock of uv', () =>
    withProject(PROJECT, async cwd => {
      const venv = join(cwd, '.venv');
      const bin = join(venv, 'bin');
      for (const args of [
        ['-m', 'venv', venv],
        ['-m', 'pip', '--python', venv, 'install', '-q', 'uv'],
      ])
        assert.is(spawnSync(runnable.python, args, { stdio: 'ignore' }).status, 0, args.join(' '));
      const withUv = { ...env, PATH: `${env.PATH}${delimiter}${bin}` };
      const build = ['build', 'app.py', '--runtime', 'python3.13', '--arch', 'arm64', '--no-cache', '--out'];
      const ofPip = await succeeds(cwd, [...build, 'pip']);
      const ofUv = await succeeds(cwd, [...build, 'uv'], withUv);
      assert.is(ofUv.artifact.codeSha256, ofPip.artifact.codeSha256);
      const locked = {
        ...PROJECT,
        'pyproject.toml':
          '[project]\nname = "fn"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["numpy", "pillow"]\n',
      };
      delete (locked as Record<string, unknown>)['requirements.txt'];
      await withProject(locked, async dir => {
        assert.is(spawnSync(join(bin, 'uv'), ['lock'], { cwd: dir, stdio: 'ignore' }).status, 0);
        const lock = await readFile(join(dir, 'uv.lock'), 'utf8');
        const one = await succeeds(dir, [...build, 'pip']);
        const two = await succeeds(dir, [...build, 'uv'], withUv);
        assert.is(one.artifact.codeSha256, two.artifact.codeSha256);
        assert.equal(
          one.findings.filter(({ code }: { code: string }) => code === 'REQUIREMENTS_LOOSE'),
          [],
        );
        assert.is(await readFile(join(dir, 'uv.lock'), 'utf8'), lock);
      });
    }));
}

const refusals: readonly (readonly [requirement: string, code: string, message: RegExp])[] = [
  ['psycopg2==2.9.9', 'WHEEL_MISSING', /there are wheels for .*win_amd64/s],
  ['numpy==1.26.4', 'WHEEL_MISSING', /there are wheels for .*cp312/s],
  ['numpy==99.0', 'REQUIREMENT_MISSING', /No index has\s+numpy==99\.0/],
  ['boto3==1.34.0\nbotocore==1.30.0', 'REQUIREMENTS_CONFLICT', /boto3 1\.34\.0 depends on botocore/],
];

for (const [requirement, code, message] of refusals)
  test(`refused: ${requirement.split('\n')[0]}`, () =>
    withProject({ ...PROJECT, 'requirements.txt': requirement }, async cwd => {
      const run = await runFake(['build', 'app.py', '--runtime', 'python3.13', '--no-cache'], { cwd, env });
      assert.is(run.code, 2, run.stdout);
      assert.match(run.stderr, code);
      assert.match(run.stderr.replace(/\n\s*/g, ' '), message);
    }));

test('what has a source only is built when it is Python alone', () =>
  withProject(
    {
      ...PROJECT,
      'app.py': 'import docopt\ndef handler(event, context): pass',
      'requirements.txt': 'docopt==0.6.2',
    },
    async cwd => {
      const built = await succeeds(cwd, ['build', 'app.py', '--runtime', 'python3.13', '--no-cache']);
      assert.ok(built.artifact.files > 3);
    },
  ));

test.run();
