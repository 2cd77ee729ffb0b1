import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { collectPython } from '../../src/collect/python/collect-python.ts';
import { loadPresets } from '../../src/presets/load.ts';
import { prune } from '../../src/prune/prune.ts';
import { exec } from '../../src/util/exec.ts';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { runFake } from '../helpers/fake-io.ts';
import { makeContext, withProject } from '../helpers/project.ts';
import { bytesOf, PYTHON } from '../helpers/python-artifact.ts';
import { makePythonFunction, pythonPlatform } from '../helpers/python-project.ts';

const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
const ask = (code: string) => spawnSync(PYTHON, ['-c', code], { encoding: 'utf8' }).stdout.trim();
const VERSION = ask('import sys; print("%d.%d" % sys.version_info[:2])');
const ARCH = ask('import platform; print(platform.machine())') === 'x86_64' ? 'x64' : 'arm64';
const MINOR = Number(VERSION.split('.')[1]);
const library = await loadPresets();

function smokeOf(name: string): string {
  const preset = library.presets.find(each => each.ecosystem === 'pypi' && each.name === name);
  return preset?.smoke ?? `raise SystemExit("no preset for ${name}")`;
}

/** Runs code with one folder of packages and nothing else of this machine; what it prints. */
async function run(root: string, code: string, tmp: string): Promise<string> {
  const { stdout } = await exec(PYTHON, ['-s', '-c', `import sys; sys.path.remove('')\n${code}`], {
    cwd: tmp,
    env: {
      ...{
        PATH: env.PATH,
        HOME: tmp,
        TMPDIR: tmp,
        PYTHONPATH: root,
        PYTHONPYCACHEPREFIX: join(tmp, '.bytecode'),
      },
      ...{ PYTHONHASHSEED: '0', LD_LIBRARY_PATH: tmp, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    },
  });
  return stdout;
}

/** Installs packages, prunes them as far as rules go for a handler that imports none of them, and gives both folders to `use`. */
function withBoth(
  requirements: readonly string[],
  use: (full: string, slim: string, saved: number, dir: string) => void | Promise<void>,
) {
  const files = {
    'requirements.txt': requirements.join('\n'),
    'app.py': 'def handler(event, context): pass\n',
  };
  return withProject(files, async dir => {
    const work = join(dir, '.work');
    await mkdir(work);
    const fn = makePythonFunction(dir, { platform: pythonPlatform(VERSION, ARCH) });
    const { tree } = await collectPython(fn, makeContext(work));
    const rules = { disable: [], enable: [], keep: [], declared: { awsServices: [] } };
    const slim = prune(tree, { library, level: 'bold', ...rules }, fn.platform).tree;
    const [fullDir, slimDir] = [join(dir, 'full'), join(dir, 'slim')];
    await layOutTree(tree.entries, fullDir);
    await layOutTree(slim.entries, slimDir);
    await use(fullDir, slimDir, bytesOf(tree) - bytesOf(slim), dir);
  });
}

async function assertSame(full: string, slim: string, name: string, dir: string): Promise<void> {
  const runs = [full, slim].map(root => run(root, smokeOf(name), dir));
  const [before, after] = await Promise.all(runs);
  assert.ok(before && before.length > 20, `${name} says nothing`);
  assert.is(after, before, name);
}

const PRESETS = [
  ...['numpy', 'scipy', 'pandas', 'scikit-learn', 'matplotlib', 'pillow', 'sympy', 'networkx', 'joblib'],
  ...['scikit-image', 'lightgbm'],
];

const REQUIREMENTS = [
  ...['numpy==2.4.6', 'scipy==1.17.1', 'pandas==3.0.6', 'scikit-learn==1.9.1', 'matplotlib==3.11.2'],
  ...['pillow==12.3.0', 'sympy==1.14.0', 'networkx==3.6.1', 'scikit-image==0.26.0', 'lightgbm==4.7.0'],
];

/** The OpenMP that scikit-learn brings. */
function openMpOf(packages: string): string {
  const [name = ''] = readdirSync(join(packages, 'scikit_learn.libs')).filter(each =>
    each.startsWith('libgomp'),
  );
  return join(packages, 'scikit_learn.libs', name);
}

if (MINOR >= 11)
  test('what presets leave works as what was installed does, although the handler imports nothing of it', () =>
    withBoth(REQUIREMENTS, async (full, slim, saved, dir) => {
      assert.ok(saved > 80_000_000, `${saved} bytes went`);
      // lightgbm takes OpenMP from the system, and this machine need not have it.
      await cp(openMpOf(full), join(dir, 'libgomp.so.1'));
      for (const name of PRESETS) await assertSame(full, slim, name, dir);
    }));

if (MINOR >= 10 && MINOR <= 13)
  test('numpy 2.2 and scipy 1.15: scipy imports numpy.testing, and that a module of the tests', () =>
    withBoth(['numpy==2.2.6', 'scipy==1.15.3'], async (full, slim, saved, dir) => {
      assert.ok(saved > 20_000_000, `${saved} bytes went`);
      assert.equal(readdirSync(join(slim, 'numpy/_core/tests')), ['_natype.py']);
      for (const name of ['numpy', 'scipy']) await assertSame(full, slim, name, dir);
    }));

const APP = `
import lightgbm, numpy as np
from scipy import stats
from sklearn.linear_model import LogisticRegression

def handler(event, context):
    x = np.random.default_rng(3).random((80, 3))
    y = (x[:, 0] > x[:, 1]).astype(int)
    model = lightgbm.train({"objective": "binary", "num_threads": 1, "verbose": -1}, lightgbm.Dataset(x, y), 5)
    return {"trees": model.predict(x[:3]).tolist(), "score": LogisticRegression().fit(x, y).score(x, y), "p": stats.norm.cdf(event["x"])}
`;

if (MINOR >= 11)
  test('built: lightgbm has no OpenMP, which is told; with it beside the handler the artifact answers as the original', () =>
    withProject(
      {
        'requirements.txt': 'lightgbm==4.7.0\nnumpy==2.4.6\nscipy==1.17.1\nscikit-learn==1.9.1\n',
        'app.py': APP,
        'events/one.json': '{"x": 1.5}',
      },
      async cwd => {
        const own = { ...env, LAMBDA_SLIM_CACHE: join(cwd, '.cache') };
        const flags = ['--runtime', `python${VERSION}`, '--arch', ARCH, '--compress', 'fast', '--json'];
        const build = async (args: readonly string[]) => {
          const ran = await runFake(['build', 'app.py', ...flags, ...args], { cwd, env: own });
          assert.ok(ran.stdout, ran.stderr);
          return { code: ran.code, ...JSON.parse(ran.stdout) };
        };
        const without = await build(['--no-verify']);
        assert.is(without.code, 1);
        const told = without.findings.filter(({ level }: { level: string }) => level === 'error');
        assert.is(told.length, 1);
        assert.match(JSON.stringify(told), /LIB_MISSING.*libgomp\.so\.1/);
        const packages = join(cwd, '.packages');
        const unzip = ['-m', 'zipfile', '-e', join(cwd, 'lambda-slim-out/function.zip'), packages];
        assert.is(spawnSync(PYTHON, unzip).status, 0);
        await mkdir(join(cwd, 'lib'));
        await cp(openMpOf(packages), join(cwd, 'lib/libgomp.so.1'));
        const built = await build(['--include', 'lib/*', '--events', 'events/*.json', '--verify']);
        assert.equal([built.code, built.verification?.same], [0, true], JSON.stringify(built.findings));
        assert.ok(built.artifact.unzippedBytes < 190_000_000, `${built.artifact.unzippedBytes}`);
      },
    ));

test.run();
