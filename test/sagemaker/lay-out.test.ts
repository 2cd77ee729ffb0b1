import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layOutFolder } from '../../src/sagemaker/lay-out-folder.ts';
import { layOutFunction, type ServedFunction } from '../../src/sagemaker/lay-out-function.ts';
import type { Entry, LinkEntry } from '../../src/types.ts';
import { generatedEntry } from '../../src/util/generated-entry.ts';
import { toArtifactPath } from '../../src/util/path.ts';
import { type Files, withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

type Named = 'pytorch' | 'tensorflow' | null;

async function layOut(files: Files, framework: Named = null): Promise<readonly string[]> {
  let paths: readonly string[] = [];
  await withProject(files, async dir => {
    const { entries, framework: told } = await layOutFolder(dir, framework);
    paths = [told, ...entries.map(({ path }) => path as string).sort()];
  });
  return paths;
}

const saved = (folder: string): Files => ({
  [join(folder, 'saved_model.pb')]: 'g',
  [join(folder, 'variables/variables.index')]: 'i',
});

test('a SavedModel is brought to a folder with a number; places that are right stay', async () => {
  const in1 = ['tensorflow', '1/saved_model.pb', '1/variables/variables.index'];
  assert.equal(await layOut(saved('.')), in1);
  assert.equal(await layOut(saved('1')), in1);
  assert.equal(await layOut(saved('resnet')), in1);
  assert.equal(await layOut(saved('0')), in1, 'version 0 is lost by the container');
  assert.equal(await layOut(saved('00')), in1);
  const inName = ['tensorflow', 'resnet/1/saved_model.pb', 'resnet/1/variables/variables.index'];
  assert.equal(await layOut(saved('resnet/0')), inName);
  assert.equal(await layOut(saved('resnet/1')), inName);
  const servo = await layOut(saved('export/Servo/7'));
  assert.is(servo[1], 'export/Servo/7/saved_model.pb');
  const both = await layOut({ ...saved('1'), ...saved('2') });
  assert.equal([both[1], both[3]], ['1/saved_model.pb', '2/saved_model.pb']);
});

test('code/ stays beside a SavedModel at the root, and its own files are no models', async () => {
  const files = {
    ...saved('.'),
    'code/inference.py': 'x',
    'code/lib/t/saved_model.pb': 'x',
    'labels.txt': 'a',
  };
  assert.equal(await layOut(files), [
    'tensorflow',
    '1/labels.txt',
    '1/saved_model.pb',
    '1/variables/variables.index',
    'code/inference.py',
    'code/lib/t/saved_model.pb',
  ]);
});

test('what cannot be told apart is refused', async () => {
  await rejects(layOut({ ...saved('a'), ...saved('b') }), 'SAGEMAKER_LAYOUT');
  await rejects(layOut({ ...saved('0'), ...saved('1') }), 'SAGEMAKER_LAYOUT');
  await rejects(layOut({ ...saved('.'), 'model.pth': 'w' }), 'SAGEMAKER_FRAMEWORK');
  await rejects(layOut({ 'readme.txt': 'x' }), 'SAGEMAKER_FRAMEWORK');
  assert.is((await layOut({ ...saved('.'), 'model.pth': 'w' }, 'pytorch'))[0], 'pytorch');
});

test('scripts beside weights go into code/; where there is one already, nothing moves', async () => {
  const loose = {
    'model.pth': 'w',
    'inference.py': 'x',
    'net.py': 'x',
    'requirements.txt': 'x',
    'a/b.py': 'x',
  };
  assert.equal(await layOut(loose), [
    'pytorch',
    'a/b.py',
    'code/inference.py',
    'code/net.py',
    'code/requirements.txt',
    'model.pth',
  ]);
  const placed = { 'model.pt': 'w', 'code/inference.py': 'x', 'net.py': 'x' };
  assert.equal(await layOut(placed), ['pytorch', 'code/inference.py', 'model.pt', 'net.py']);
});

test('links become what they lead to, and what systems leave behind stays out', async () => {
  const files: Files = {
    'blobs/abc': 'weights',
    'snapshot/model.pth': '-> ../blobs/abc',
    'snapshot/code': '-> ../shared',
    'shared/inference.py': 'x',
    'shared/__pycache__/inference.pyc': 'x',
    'snapshot/._model.pth': 'x',
    'snapshot/.DS_Store': 'x',
    'snapshot/.git/config': 'x',
    'snapshot/.hidden': 'kept',
  };
  await withProject(files, async dir => {
    const { entries } = await layOutFolder(join(dir, 'snapshot'), null);
    assert.equal(
      entries.map(({ path, kind, bytes }) => [path, kind, bytes]),
      [
        ['.hidden', 'file', 4],
        ['code/inference.py', 'file', 1],
        ['model.pth', 'file', 7],
      ],
    );
  });
  assert.match(
    (await rejects(layOut({ 'model.pth': '-> gone' }), 'SAGEMAKER_LAYOUT')).message,
    /leads nowhere/,
  );
  assert.match(
    (await rejects(layOut({ 'model.pth': 'w', 'a/b': '-> ..' }), 'SAGEMAKER_LAYOUT')).message,
    /leads back/,
  );
  assert.match(
    (await rejects(layOut({ 'model.pth': 'w', b: '-> b' }), 'SAGEMAKER_LAYOUT')).message,
    /leads back/,
  );
});

const file = (path: string): Entry => generatedEntry(path, Buffer.from(path), 'test');
const link = (path: string, target: string): LinkEntry => ({
  kind: 'link',
  path: toArtifactPath(path),
  target,
  origin: { kind: 'generated', by: 'test' },
});

async function serve(paths: readonly (string | LinkEntry)[], changes: Partial<ServedFunction> = {}) {
  const entries = paths.map(path => (typeof path === 'string' ? file(path) : path));
  const fn = {
    name: 'f',
    entries,
    handler: 'app.handler',
    framework: 'pytorch',
    model: 'model',
    call: 'http',
  } as const;
  const layout = await layOutFunction({ ...fn, ...changes });
  const settings = layout.entries.find(({ path }) => path === 'code/lambda_slim.json');
  const data = settings?.source.kind === 'memory' ? Buffer.from(settings.source.data).toString() : '{}';
  return { paths: layout.entries.map(({ path }) => path as string).sort(), settings: JSON.parse(data) };
}

test('a function of PyTorch: its model is the root, its code and packages are in code/lib', async () => {
  const { paths, settings } = await serve(['app.py', 'PIL/Image.py', 'model/model.json', 'model/weights.pt']);
  assert.equal(paths, [
    'code/inference.py',
    'code/lambda_slim.json',
    'code/lib/PIL/Image.py',
    'code/lib/app.py',
    'model.json',
    'weights.pt',
  ]);
  assert.equal(settings, { module: 'app', handler: 'handler', call: 'http', modelDir: true });
  const other = await serve(['pkg/app.py'], { handler: 'pkg/app.api.handler', call: 'plain' });
  assert.equal(other.settings, { module: 'pkg.app', handler: 'api.handler', call: 'plain', modelDir: false });
});

test('a function of TensorFlow: its SavedModel becomes 1/, what lies beside it stays with the code', async () => {
  const files = [
    'serving.py',
    'model/labels.txt',
    'model/resnet/saved_model.pb',
    'model/resnet/variables/v.index',
  ];
  const tensorflow = { framework: 'tensorflow', handler: 'serving.to_answer' } as const;
  const { paths, settings } = await serve(files, tensorflow);
  assert.equal(paths, [
    '1/saved_model.pb',
    '1/variables/v.index',
    'code/inference.py',
    'code/lambda_slim.json',
    'code/lib/model/labels.txt',
    'code/lib/serving.py',
  ]);
  assert.equal(settings, { module: 'serving' });
  await rejects(serve(['serving.py', 'model/labels.txt'], tensorflow), 'SAGEMAKER_LAYOUT');
});

test('links of a function become files, and a file that would hide the adapter is refused', async () => {
  const { paths } = await serve([
    'app.py',
    'lib/a.so.1',
    link('lib/a.so', 'a.so.1'),
    link('again', 'lib'),
    link('gone', 'x'),
  ]);
  assert.equal(
    paths.filter(path => path.startsWith('code/lib/')),
    ['code/lib/again/a.so.1', 'code/lib/app.py', 'code/lib/lib/a.so', 'code/lib/lib/a.so.1'],
  );
  await rejects(serve(['app.py', 'inference.py']), 'SAGEMAKER_LAYOUT');
});

test.run();
