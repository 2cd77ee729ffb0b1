import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPythons } from '../bytecode/pythons.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';

const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
const here = (await findPythons()).find(({ runtime }) => Number(runtime.version.slice(2)) >= 12);

/** Trains and predicts, asks for a docstring, and imports a module that only the event names. */
const APP = `
import importlib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

def handler(event, context):
    x, y = load_iris(return_X_y=True)
    model = LogisticRegression(max_iter=500).fit(x, y)
    late = importlib.import_module("scipy." + event["module"])
    return {
        "score": model.score(x, y),
        "probability": [round(float(p), 6) for p in model.predict_proba(x[:1])[0]],
        "doc": len(LogisticRegression.fit.__doc__ or ""),
        "late": late.__doc__.strip().splitlines()[0],
    }
`;

const PROJECT: Files = {
  'requirements.txt': 'scikit-learn==1.7.2\nnumpy==2.3.5\nscipy==1.16.3\n',
  'app.py': APP,
  'events/one.json': '{"module": "ndimage"}',
  'other.json': '{"module": "signal.windows"}',
};

/** The flags of each build. */
const BUILDS: Readonly<Record<string, readonly string[]>> = {
  none: ['--bytecode', 'none'],
  auto: [],
  only: ['--bytecode', 'only', '--compress-libraries'],
  exact: ['--bytecode', 'only', '--level', 'exact', '--fallback', '--no-verify'],
};

if (here) {
  const build = async (cwd: string, name: string, flags: readonly string[]) => {
    const common = ['app.py', '--runtime', here.runtime.id, '--compress', 'fast', '--out', name, '--json'];
    const { code, stdout, stderr } = await runFake(['build', ...common, ...flags], { cwd, env: own(cwd) });
    assert.is(code, 0, `${name}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  };
  const invoke = async (cwd: string, name: string, event: string): Promise<string> => {
    const args = ['invoke', join(name, 'function.zip'), '--event', event, '--timeout', '60'];
    const { code, stdout, stderr } = await runFake(args, { cwd, env: own(cwd) });
    assert.is(code, 0, `${name}: ${stdout}${stderr}`);
    return stdout.trim();
  };
  const own = (cwd: string) => ({ ...env, LAMBDA_SLIM_CACHE: join(cwd, 'cache') });

  test('scikit-learn answers the same with and without bytecode, without sources, compressed, and cut to the run', () =>
    withProject(PROJECT, async cwd => {
      const answers = new Map<string, string>();
      const sizes: Record<string, number> = {};
      for (const [name, flags] of Object.entries(BUILDS)) {
        const { bytecode, artifact } = await build(cwd, name, flags);
        assert.is(bytecode?.mode ?? 'none', flags[1] ?? 'unchecked');
        sizes[name] = artifact.unzippedBytes;
        answers.set(name, await invoke(cwd, name, 'events/one.json'));
      }
      assert.is(new Set(answers.values()).size, 1, JSON.stringify([...answers]));
      assert.ok((sizes.none ?? 0) < (sizes.auto ?? 0), JSON.stringify(sizes));
      assert.match(await invoke(cwd, 'only', 'other.json'), 'indow functions');
    }));
}

test.run();
