import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layOutTree } from '../../src/util/lay-out-tree.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';
import { bytesOf } from '../helpers/python-artifact.ts';
import {
  ARCH,
  assertSame,
  ENV,
  hasPython,
  PYTHON,
  pruned,
  smokeOf,
  VERSION,
  withInstalled,
} from './slim-python.ts';

const python = suite('real packages of Python 3.12');
const test = hasPython || process.env.CI ? python : python.skip;

/** Installs packages, prunes them as far as rules go for a handler that imports none of them, and gives both folders to `use`. */
function withBoth(
  requirements: readonly string[],
  use: (full: string, slim: string, saved: number, dir: string) => Promise<void>,
) {
  return withInstalled(requirements, async installed => {
    const { full, dir, tree } = installed;
    const left = pruned(installed, 'bold');
    const slim = join(dir, 'slim');
    await layOutTree(left.entries, slim);
    await use(full, slim, bytesOf(tree) - bytesOf(left), dir);
  });
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

test('what presets leave works as what was installed does, although the handler imports nothing of it', () =>
  withBoth(REQUIREMENTS, async (full, slim, saved, dir) => {
    assert.ok(saved > 80_000_000, `${saved} bytes went`);
    // lightgbm takes OpenMP from the system, and this machine need not have it.
    await cp(openMpOf(full), join(dir, 'libgomp.so.1'));
    for (const name of PRESETS) await assertSame(full, slim, smokeOf(name), dir);
  }));

test('numpy 2.2 and scipy 1.15: scipy imports numpy.testing, and that a module of the tests', () =>
  withBoth(['numpy==2.2.6', 'scipy==1.15.3'], async (full, slim, saved, dir) => {
    assert.ok(saved > 20_000_000, `${saved} bytes went`);
    assert.equal(readdirSync(join(slim, 'numpy/_core/tests')), ['_natype.py']);
    for (const name of ['numpy', 'scipy']) await assertSame(full, slim, smokeOf(name), dir);
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

test('built: lightgbm has no OpenMP, which is told; with it beside the handler the artifact answers as the original', () =>
  withProject(
    {
      'requirements.txt': 'lightgbm==4.7.0\nnumpy==2.4.6\nscipy==1.17.1\nscikit-learn==1.9.1\n',
      'app.py': APP,
      'events/one.json': '{"x": 1.5}',
    },
    async cwd => {
      const own = { ...ENV, LAMBDA_SLIM_CACHE: join(cwd, '.cache') };
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

python.run();
