import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import fastGlob from 'fast-glob';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installPython } from '../../src/collect/python/install/install-python.ts';
import { findProject } from '../../src/collect/python/project/find-project.ts';
import { describePython, type FoundPython } from '../../src/lambda/find-python.ts';
import { exec } from '../../src/util/exec.ts';
import { compareCodeUnits } from '../../src/util/path.ts';
import { canRunDocker, startDocker, type TestEngine } from '../helpers/docker-engine.ts';
import { CONTAINER, type Files, makeContext, withProject } from '../helpers/project.ts';
import { offlineEnv, pythonPlatform } from '../helpers/python-project.ts';
import { rejects } from '../helpers/rejects.ts';
import { hashOf, sdist, sourceFiles, wheel } from '../helpers/wheels.ts';

const IMAGE = 'lambda-slim-test/build-python:3.12';
const python = await describePython('3.12', { cwd: '/', signal: new AbortController().signal });

/** What every image has. */
const TOOLS = ['sh', 'cat', 'chmod', 'chown', 'cp', 'mkdir'];

/** An image with this machine's Python in it, where it is here. */
async function makeImage(engine: TestEngine, dir: string, { path, prefixes }: FoundPython): Promise<void> {
  const root = join(dir, 'root');
  await mkdir(join(root, 'tmp'), { recursive: true });
  const prefix = dirname(dirname(path));
  assert.ok(prefixes.includes(prefix));
  const isNeeded = (file: string): boolean => !/\/(?:test|idlelib|__pycache__)$|\.a$/.test(file);
  await cp(prefix, join(root, prefix), { recursive: true, filter: isNeeded, verbatimSymlinks: true });
  const tools = TOOLS.map(name => `/bin/${name}`);
  for (const tool of tools) await cp(tool, join(root, tool), { dereference: true });
  const natives = await fastGlob('**/*.so*', { cwd: prefix, absolute: true });
  for (const binary of [path, ...tools, ...natives]) {
    const { stdout } = await exec('ldd', [binary], { cwd: '/' });
    for (const [, library = ''] of stdout.matchAll(/(\/\S+) \(0x/g))
      await cp(library, join(root, library), { dereference: true, force: false });
  }
  const tar = join(dir, 'root.tar');
  await exec('tar', ['-C', root, '-cf', tar, '.'], { cwd: dir });
  await engine.docker(
    'import',
    '--platform',
    'linux/amd64',
    '--change',
    `ENV PATH=${dirname(path)}:/bin`,
    tar,
    IMAGE,
  );
}

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

/** What only the machine of the runtime can make. */
const NATIVE = { tag: 'cp312-cp312-linux_x86_64' };

const INDEX: Files = {
  ...sdist('compiled', '1.0', NATIVE),
  ...wheel('plain', '1.0'),
  ...wheel('for-linux', '1.0', { tag: 'cp312-cp312-manylinux2014_x86_64' }),
};

if (python && (await canRunDocker())) {
  test('what has to be compiled is installed in an image of the runtime, with engines that share nothing', () =>
    withProject(
      {
        ...inFolder('wheels', INDEX),
        ...inFolder('fn', { 'requirements.txt': 'compiled\nplain\nfor-linux\n-e ./local\n' }),
        ...inFolder('fn/local', sourceFiles('local', '2.0', NATIVE)),
        ...inFolder('locked/local', sourceFiles('local', '2.0', NATIVE)),
        ...inFolder('broken', { 'requirements.txt': 'zzz' }),
        'work/.keep': '',
        'docker/.keep': '',
      },
      async dir => {
        const plain = Object.values(wheel('plain', '1.0'))[0] ?? '';
        const compiled = Object.values(sdist('compiled', '1.0', NATIVE))[0] ?? '';
        const lock = {
          default: {
            plain: { version: '==1.0', hashes: [hashOf(plain)] },
            compiled: { version: '==1.0', hashes: [hashOf(compiled)] },
            local: { path: './local' },
          },
        };
        await writeFile(join(dir, 'locked/Pipfile.lock'), JSON.stringify(lock));
        const engine = await startDocker(join(dir, 'docker'));
        try {
          await makeImage(engine, join(dir, 'docker/image'), python);
          const env = {
            ...offlineEnv(join(dir, 'wheels')),
            ...engine.env,
            PIP_CONFIG_FILE: '/dev/null',
            PIP_NO_INDEX: '1',
            PIP_FIND_LINKS: join(dir, 'wheels'),
          };
          const install = async (name: string): Promise<string> => {
            const root = join(dir, name);
            const context = {
              ...makeContext(join(dir, 'work')),
              cwd: root,
              env,
              cacheDir: join(dir, 'cache'),
            };
            const install = { scripts: [], container: IMAGE };
            const fn = { root, platform: pythonPlatform(), install, container: CONTAINER };
            const project = await findProject(fn, context);
            assert.ok(project);
            return (await installPython(project, fn, context)).dir;
          };
          const folder = await install('fn');
          const names = (await readdir(folder)).filter(name => name.endsWith('.dist-info'));
          assert.equal(names.sort(compareCodeUnits), [
            'compiled-1.0.dist-info',
            'for_linux-1.0.dist-info',
            'local-2.0.dist-info',
            'plain-1.0.dist-info',
          ]);
          assert.match(await readFile(join(folder, 'compiled-1.0.dist-info/WHEEL'), 'utf8'), NATIVE.tag);
          const locked = await install('locked');
          assert.is((await readdir(locked)).filter(name => name.endsWith('.dist-info')).length, 3);
          const error = await rejects(install('broken'), 'REQUIREMENT_MISSING');
          assert.match(error.message, 'zzz');
          assert.is((await engine.docker('ps', '--all', '--quiet')).trim(), '', 'no container stays');
          assert.equal(await readdir(join(dir, 'work')), ['.keep']);
          assert.equal(
            (await readdir(join(dir, 'cache/installs'))).sort(),
            [folder, locked].map(each => basename(dirname(each))).sort(),
          );
        } finally {
          await engine.stop();
        }
      },
    ));
}

test.run();
