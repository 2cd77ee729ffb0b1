import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installPython } from '../../../../src/collect/python/install/install-python.ts';
import { findProject } from '../../../../src/collect/python/project/find-project.ts';
import type { ErrorCode } from '../../../../src/errors.ts';
import type { Platform } from '../../../../src/types.ts';
import { compareCodeUnits } from '../../../../src/util/path.ts';
import { CONTAINER, type Files, makeContext, withProject } from '../../../helpers/project.ts';
import { offlineEnv, pythonPlatform } from '../../../helpers/python-project.ts';
import { rejects } from '../../../helpers/rejects.ts';
import { hashOf, sdist, sourceFiles, wheel } from '../../../helpers/wheels.ts';

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

interface Place {
  readonly dir: string;
  /** Installs and gives the folder. */
  readonly install: (platform?: Platform) => Promise<string>;
}

/** A function in `fn` with wheels beside it; what it leaves behind is looked at after each test. */
async function withFunction(fn: Files, index: Files, use: (place: Place) => Promise<void>): Promise<void> {
  await withProject({ ...inFolder('fn', fn), ...inFolder('wheels', index), 'work/.keep': '' }, async dir => {
    const [root, workDir] = [join(dir, 'fn'), join(dir, 'work')];
    const env = offlineEnv(join(dir, 'wheels'));
    const context = { ...makeContext(workDir), cwd: root, env, cacheDir: join(dir, 'cache') };
    const install = async (platform = pythonPlatform()): Promise<string> => {
      const project = await findProject({ root, platform }, context);
      assert.ok(project);
      const fn = { platform, install: { scripts: [], container: false }, container: CONTAINER };
      return (await installPython(project, fn, context)).dir;
    };
    const before = await readdir(root, { recursive: true });
    await use({ dir, install });
    assert.equal(await readdir(root, { recursive: true }), before, 'nothing of the user changed');
    assert.equal(await readdir(workDir), ['.keep'], 'nothing is left in the work folder');
  });
}

const installed = async (dir: string): Promise<readonly string[]> =>
  (await readdir(dir)).filter(name => name.endsWith('.dist-info')).sort(compareCodeUnits);

test('wheels, markers and sources are chosen for the target, whatever runs pip', () => {
  const native = {
    tag: 'cp312-cp312-manylinux_2_34_x86_64.manylinux_2_28_x86_64',
    files: { 'nat/x.so': 'fits' },
  };
  return withFunction(
    {
      'requirements.txt': 'top\n./local[extra]\nnat',
      'local/src.txt': '',
      ...inFolder('local', sourceFiles('local', '2.0', { requires: ['extra; extra == "extra"'] })),
    },
    {
      ...wheel('top', '1.0', {
        requires: [
          'for-target; python_version == "3.12" and platform_machine == "x86_64" and sys_platform == "linux"',
          'for-others; python_version != "3.12" or sys_platform != "linux"',
          'old-source>=1',
          'Limited.API',
        ],
      }),
      ...wheel('for-target', '1.0'),
      ...wheel('extra', '1.0'),
      ...wheel('Limited.API', '1.0', { tag: 'cp38-abi3-manylinux2014_x86_64' }),
      ...sdist('old-source', '1.5'),
      ...wheel('nat', '1.0', native),
      ...wheel('nat', '2.0', { ...native, tag: 'cp312-cp312-manylinux_2_35_x86_64' }),
      ...wheel('nat', '2.1', { ...native, tag: 'cp312-cp312-manylinux_2_17_aarch64' }),
      ...wheel('nat', '2.2', { ...native, tag: 'cp313-cp313-manylinux_2_17_x86_64' }),
    },
    async ({ install, dir }) => {
      const folder = await install();
      assert.equal(await installed(folder), [
        'Limited.API-1.0.dist-info',
        'extra-1.0.dist-info',
        'for_target-1.0.dist-info',
        'local-2.0.dist-info',
        'nat-1.0.dist-info',
        'old_source-1.5.dist-info',
        'top-1.0.dist-info',
      ]);
      assert.is(await readFile(join(folder, 'nat/x.so'), 'utf8'), 'fits');
      assert.equal(await readdir(join(dir, 'cache/installs')), [folder.slice(folder.lastIndexOf('/') + 1)]);
      assert.is(await install(), folder, 'the second time it is there');
    },
  );
});

test('a lock is installed as it is, with its hashes, also where one has none', () => {
  const [a, b] = [wheel('a', '1.0', { requires: ['not-there'] }), wheel('b', '1.0')];
  const [content] = Object.values(a);
  const lock = {
    default: {
      a: { version: '==1.0', hashes: [hashOf(content ?? '')] },
      b: { version: '==1.0' },
      c: { path: './c' },
    },
  };
  return withFunction(
    { 'Pipfile.lock': JSON.stringify(lock), ...inFolder('c', sourceFiles('c', '3.0')) },
    { ...a, ...b, ...wheel('b', '2.0') },
    async ({ install }) => {
      const folder = await install();
      assert.equal(await installed(folder), ['a-1.0.dist-info', 'b-1.0.dist-info', 'c-3.0.dist-info']);
    },
  );
});

const failures: readonly (readonly [name: string, requirements: string, index: Files, ErrorCode, RegExp])[] =
  [
    [
      'a name that nobody has',
      'zzz',
      {},
      'REQUIREMENT_MISSING',
      /No index has zzz\.[\s\S]*from versions: none/,
    ],
    [
      'wheels for others only',
      'nat>=1',
      {
        ...wheel('nat', '1.0', { tag: 'cp312-cp312-win_amd64' }),
        ...wheel('nat', '0.9', { tag: 'cp39-cp39-win_amd64' }),
      },
      'WHEEL_MISSING',
      /nat>=1 has no wheel for python3\.12 on x86_64 \(glibc 2\.34\); there are wheels for cp312-cp312-win_amd64\.$/,
    ],
    [
      'a source that needs a compiler',
      'nat',
      sdist('nat', '1.0', { tag: 'cp311-cp311-linux_x86_64' }),
      'SOURCE_NOT_PURE',
      /nat has no wheel .* it becomes nat-1\.0-cp311-cp311-linux_x86_64\.whl/,
    ],
    [
      'a hash that is not that of the file',
      `a==1.0 --hash=sha256:${'0'.repeat(64)}`,
      wheel('a', '1.0'),
      'HASH_MISMATCH',
      /Expected sha256 0000/,
    ],
    [
      'pins that contradict each other',
      'a\nb',
      {
        ...wheel('a', '1.0', { requires: ['c<2'] }),
        ...wheel('b', '1.0', { requires: ['c>=2'] }),
        ...wheel('c', '1.0'),
        ...wheel('c', '2.0'),
      },
      'REQUIREMENTS_CONFLICT',
      /Cannot install a(?:==1\.0)? and b(?:==1\.0)? because[\s\S]*a 1\.0 depends on c<2/,
    ],
    [
      'a wheel that is none',
      'a',
      { 'a-1.0-py3-none-any.whl': 'broken' },
      'WHEEL_BROKEN',
      /a-1\.0-py3-none-any\.whl is invalid/,
    ],
  ];

for (const [name, requirements, index, code, message] of failures)
  test(`refused: ${name}`, () =>
    withFunction({ 'requirements.txt': requirements }, index, async ({ install, dir }) => {
      const error = await rejects(install(), code);
      assert.match(error.message, message);
      assert.equal(await readdir(join(dir, 'cache/installs')), [], 'no half installation stays');
    }));

test.run();
