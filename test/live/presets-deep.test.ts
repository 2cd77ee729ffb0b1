import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectPython } from '../../src/collect/python/collect-python.ts';
import { native } from '../../src/native/native.ts';
import { loadPresets } from '../../src/presets/load.ts';
import { prune } from '../../src/prune/prune.ts';
import type { PruneLevel, Tree } from '../../src/types.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { runFake } from '../helpers/fake-io.ts';
import { makeContext, withProject } from '../helpers/project.ts';
import { bytesOf, PYTHON } from '../helpers/python-artifact.ts';
import { makePythonFunction, pythonPlatform } from '../helpers/python-project.ts';

/*
 * TensorFlow and PyTorch are too big for this; their smoke tests were run by hand on the full and the slim tree: tensorflow-cpu 2.21.0 with
 * Keras 3.15.1 on python3.12, and torch 2.10.0 with torchvision 0.25.0 for aarch64 on python3.11 under qemu.
 */
const PRESETS = ['onnxruntime', 'opencv-python-headless', 'pyarrow'];

const ask = (code: string) => spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' }).stdout.trim();
const VERSION = ask('import sys; print("%d.%d" % sys.version_info[:2])');
const ARCH = ask('import platform; print(platform.machine())') === 'x86_64' ? 'x64' : 'arm64';

const library = await loadPresets();
const smokes = PRESETS.map(name => {
  const preset = library.presets.find(each => each.ecosystem === 'pypi' && each.name === name);
  return { name, code: preset?.smoke ?? `raise SystemExit("no preset for ${name}")` };
});

/** Runs code with one folder of packages and nothing else of this machine. */
function run(root: string, code: string, tmp: string) {
  const { status, stdout, stderr } = spawnSync(
    PYTHON,
    ['-s', '-B', '-c', `import sys\nsys.path.remove('')\n${code}`],
    {
      cwd: tmp,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: tmp, TMPDIR: tmp, PYTHONPATH: root },
    },
  );
  return { status, stdout, stderr };
}

function bytesUnder(tree: Tree, folder: RegExp): number {
  return bytesOf({ ...tree, entries: tree.entries.filter(({ path }) => folder.test(path)) });
}

test('onnxruntime, OpenCV and pyarrow compute from the slim tree what they do from the full one', () => {
  const files = {
    'requirements.txt': PRESETS.join('\n'),
    'app.py': `${smokes.map(({ code }) => code).join('\n')}\ndef handler(event, context): pass\n`,
  };
  return withProject(files, async dir => {
    const work = join(dir, '.work');
    await mkdir(work);
    const context = makeContext(work);
    const fn = makePythonFunction(dir, { platform: pythonPlatform(VERSION, ARCH) });
    const { tree } = await collectPython(fn, context);
    const full = join(dir, 'full');
    await layOutTree(tree.entries, full);
    const before = new Map(smokes.map(({ name, code }) => [name, run(full, code, dir)]));
    for (const [name, ran] of before) assert.is(ran.status, 0, `${name}, as it was installed: ${ran.stderr}`);

    const slim = async (level: PruneLevel) => {
      const declared = { awsServices: null };
      const options = { library, level, disable: [], enable: [], keep: [], declared };
      const pruned = prune(tree, options, fn.platform);
      const settings = { options: fn.native, library, platform: fn.platform, level: 'fast' } as const;
      const slimmed = await native(pruned.tree, settings, context);
      const root = join(dir, level);
      await layOutTree(slimmed.tree.entries, root);
      for (const { name, code } of smokes) {
        const after = run(root, code, dir);
        assert.equal([after.stdout, after.status], [before.get(name)?.stdout, 0], `${name}: ${after.stderr}`);
      }
      return slimmed.tree;
    };
    const safe = await slim('safe');
    const bold = await slim('bold');
    assert.equal(
      safe.entries.filter(({ path }) => /^pyarrow\/(?:include|tests\/test_)/.test(path)),
      [],
    );
    assert.ok(bytesUnder(safe, /^pyarrow\//) < 0.8 * bytesUnder(tree, /^pyarrow\//));
    assert.ok(bytesUnder(bold, /^pyarrow\//) < 0.9 * bytesUnder(safe, /^pyarrow\//));
    assert.ok(bytesUnder(bold, /^onnxruntime\//) < 0.6 * bytesUnder(tree, /^onnxruntime\//));
  });
});

const APP = `
import numpy
import onnxruntime
from onnxruntime.datasets import get_example

session = onnxruntime.InferenceSession(get_example("logreg_iris.onnx"), providers=["CPUExecutionProvider"])

def handler(event, context):
    labels, _ = session.run(None, {"float_input": numpy.array(event, numpy.float32)})
    return labels.tolist()
`;

test('a function with ONNX Runtime is built at level bold, answers, and is verified', () => {
  const files = {
    'requirements.txt': 'onnxruntime\n',
    'app.py': APP,
    'events/iris.json': '[[5, 3], [6, 3], [1, 9]]',
  };
  const target = ['app.py', '--runtime', `python${VERSION}`, '--arch', ARCH, '--level', 'bold'];
  return withProject(files, async cwd => {
    const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
    const succeeds = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await runFake(args, { cwd, env });
      assert.is(code, 0, stdout + stderr);
      return stdout;
    };
    const { artifact } = JSON.parse(await succeeds(['build', ...target, '--no-verify', '--json']));
    assert.ok(artifact.unzippedBytes < 100_000_000, `${artifact.unzippedBytes}`);
    assert.match(await succeeds(['invoke', '--event', 'events/iris.json']), /\[\d,\d,\d\]/);
    assert.match(await succeeds(['verify', 'app.py', '--runtime', `python${VERSION}`]), /same/);
  });
});

test.run();
