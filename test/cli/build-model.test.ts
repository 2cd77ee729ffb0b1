import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exists } from '../../src/util/fs.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';

const TORCH: Files = {
  'm/model.pth': 'w',
  'm/code/inference.py': 'def model_fn(model_dir):\n    return 1\n',
};

const build = (cwd: string, ...argv: readonly string[]) =>
  runFake(['build', ...argv, '--target', 'sagemaker', '--no-cache'], { cwd });

test('a folder becomes <out>/<name>.model.tar.gz and nothing else', () =>
  withProject(TORCH, async cwd => {
    const { code, stdout, stderr } = await build(cwd, 'm');
    assert.is(code, 0, stderr);
    assert.match(stdout, /^m {2}for pytorch-inference:2\.6\.0-cpu-py312, Python 3\.12\n/);
    assert.ok((await stat(join(cwd, 'lambda-slim-out/m.model.tar.gz'))).size > 0);
    const { code: again, stdout: text } = await build(
      cwd,
      'm',
      '--json',
      '--out',
      'o',
      '--framework-version',
      '2.4',
    );
    const { artifact, image, framework, findings } = JSON.parse(text);
    assert.equal(
      [again, image, framework, artifact.files, findings],
      [0, 'pytorch-inference:2.4.0-cpu-py311', 'pytorch', 2, []],
    );
    assert.is(artifact.path, join(cwd, 'o/m.model.tar.gz'));
  }));

test('a finding of level error makes the exit code 1, and what cannot be laid out 2', () =>
  withProject({ ...TORCH, 'n/readme.txt': 'x', 'index.js': 'export const handler = 1;' }, async cwd => {
    const none = await build(cwd, 'n', '--framework', 'tensorflow');
    assert.equal([none.code, /SAGEMAKER_NO_MODEL/.test(none.stdout)], [1, true]);
    const unknown = await build(cwd, 'n');
    assert.equal([unknown.code, /--framework pytorch/.test(unknown.stderr)], [2, true]);
    const node = await build(cwd, 'index.js', '--framework', 'pytorch');
    assert.equal([node.code, /it is no Python function/.test(node.stderr.replace(/\s+/g, ' '))], [2, true]);
  }));

test('a Python function of TensorFlow without serving.py is told what to write', () =>
  withProject(
    { 'app.py': 'def handler(event, context):\n    return 1\n', 'model/saved_model.pb': 'g' },
    async cwd => {
      const { code, stderr } = await build(cwd, 'app.py');
      assert.is(code, 2);
      assert.match(
        stderr.replace(/\s+/g, ' '),
        /serving\.py is not there.*to_instances\(body, content_type\)/,
      );
    },
  ));

test('a function for SageMaker is not built as a zip among others', () =>
  withProject(
    {
      'a.mjs': 'export const handler = () => 1;',
      'm.py': 'def handler(event, context):\n    return 1\n',
      'lambda-slim.config.json': JSON.stringify({
        functions: {
          a: { entry: 'a.mjs' },
          m: { entry: 'm.py', runtime: 'python3.12', target: 'sagemaker' },
        },
      }),
    },
    async cwd => {
      const { code, stderr } = await runFake(['build', '--no-cache'], { cwd });
      assert.equal([code, /m is for SageMaker.*--function/.test(stderr.replace(/\s+/g, ' '))], [2, true]);
    },
  ));

const SERVED: Files = {
  'app.py': 'def handler(event, context):\n    return 1\n',
  'model/model.pth': 'w',
};

const configOf = (sagemaker: object): Files => ({
  'lambda-slim.config.json': JSON.stringify({
    ...{ entry: 'app.py', runtime: 'python3.12', target: 'sagemaker' },
    publish: { sagemaker },
  }),
});

test('plan says what build makes, of a folder and of a function, and writes nothing', () =>
  withProject({ ...TORCH, ...SERVED, ...configOf({ memoryMiB: 2048 }) }, async cwd => {
    const plan = (...argv: readonly string[]) => runFake(['plan', ...argv, '--no-cache'], { cwd });
    const folder = await plan('m', '--target', 'sagemaker');
    assert.is(folder.code, 0, folder.stderr);
    assert.match(folder.stdout, /^m {2}for pytorch-inference:2\.6\.0.*\n {2}unpacked \d+ B in 2 files/);
    const fn = await plan();
    assert.match(fn.stdout, /^\w+ {2}for pytorch-inference/);
    assert.not.match(fn.stdout, /Lambda/);
    const { artifact, files, unpackedBytes, target } = JSON.parse((await plan('--json')).stdout);
    assert.not(await exists(join(cwd, 'lambda-slim-out')));
    const built = await runFake(['build', '--json', '--no-cache'], { cwd });
    const { artifact: made } = JSON.parse(built.stdout);
    assert.equal(
      [artifact, target, files, unpackedBytes],
      [null, 'sagemaker', made.files, made.unpackedBytes],
    );
    const why = await runFake(['why', 'app.py'], { cwd });
    assert.equal([why.code, /plan --files/.test(why.stderr)], [2, true]);
  }));

test('what is for SageMaker is not run as a zip, and that is said', () =>
  withProject({ ...SERVED, ...configOf({}) }, async cwd => {
    assert.is((await runFake(['build', '--no-cache'], { cwd })).code, 0);
    for (const command of ['invoke', 'verify']) {
      const { code, stderr } = await runFake([command], { cwd });
      assert.is(code, 2);
      assert.match(stderr.replace(/\s+/g, ' '), /function\.model\.tar\.gz is for SageMaker/, command);
    }
  }));

test('settings of the config that SageMaker would refuse are told when it is built', async () => {
  const wrong = [
    [{ memoryMiB: 1000 }, /in steps of 1024, not 1000/],
    [{ maxConcurrency: 0 }, /1 to 200, not 0/],
    [{ environment: { SAGEMAKER_PROGRAM: 'x.py' } }, /SAGEMAKER_PROGRAM is lambda-slim's/],
  ] as const;
  for (const [sagemaker, words] of wrong)
    await withProject({ ...SERVED, ...configOf(sagemaker) }, async cwd => {
      const { code, stderr } = await runFake(['build', '--no-cache'], { cwd });
      assert.is(code, 2, stderr);
      assert.match(stderr.replace(/\s+/g, ' '), words);
    });
});

test.run();
