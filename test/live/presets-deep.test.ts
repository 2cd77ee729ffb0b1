import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { native } from '../../src/native/native.ts';
import { loadPresets } from '../../src/presets/load.ts';
import type { PruneLevel, Tree } from '../../src/types.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/python-artifact.ts';
import { ARCH, assertSame, ENV, hasPython, pruned, smokeOf, VERSION, withInstalled } from './slim-python.ts';

const python = suite('real packages of Python 3.12');
const test = hasPython || process.env.CI ? python : python.skip;

/*
 * TensorFlow and PyTorch are too big for this; their smoke tests were run by hand on the full and the slim tree: tensorflow-cpu 2.21.0 with
 * Keras 3.15.1 on python3.12, and torch 2.10.0 with torchvision 0.25.0 for aarch64 on python3.11 under qemu.
 */
const PRESETS = ['onnxruntime==1.31.1', 'opencv-python-headless==5.0.0.93', 'pyarrow==26.0.1'];
const smokes = PRESETS.map(each => smokeOf(each.replace(/==.*/, '')));
const library = await loadPresets();

function bytesUnder(tree: Tree, folder: RegExp): number {
  return bytesOf({ ...tree, entries: tree.entries.filter(({ path }) => folder.test(path)) });
}

test('onnxruntime, OpenCV and pyarrow compute from the slim tree what they do from the full one', () =>
  withInstalled(
    PRESETS,
    async installed => {
      const { tree, fn, context, full, dir } = installed;
      const slim = async (level: PruneLevel) => {
        const settings = { options: fn.native, library, platform: fn.platform, level: 'fast' } as const;
        const slimmed = await native(pruned(installed, level), settings, context);
        const root = join(dir, level);
        await layOutTree(slimmed.tree.entries, root);
        for (const smoke of smokes) await assertSame(full, root, smoke, dir);
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
    },
    `${smokes.map(({ code }) => code).join('\n')}\ndef handler(event, context): pass\n`,
  ));

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
    'requirements.txt': 'onnxruntime==1.31.1\n',
    'app.py': APP,
    'events/iris.json': '[[5, 3], [6, 3], [1, 9]]',
  };
  const target = ['app.py', '--runtime', `python${VERSION}`, '--arch', ARCH, '--level', 'bold'];
  return withProject(files, async cwd => {
    const succeeds = async (args: readonly string[]) => {
      const { code, stdout, stderr } = await runFake(args, { cwd, env: ENV });
      assert.is(code, 0, stdout + stderr);
      return stdout;
    };
    const { artifact } = JSON.parse(await succeeds(['build', ...target, '--no-verify', '--json']));
    assert.ok(artifact.unzippedBytes < 100_000_000, `${artifact.unzippedBytes}`);
    assert.match(await succeeds(['invoke', '--event', 'events/iris.json']), /\[\d,\d,\d\]/);
    assert.match(await succeeds(['verify', 'app.py', '--runtime', `python${VERSION}`]), /same/);
  });
});

python.run();
