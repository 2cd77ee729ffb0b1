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
  // One library is enough to see that the shim finds bytecode.
  'compressed.json': '{"entry": "app.py", "native": {"compress": {"minBytes": 20000000}}}',
};

const SMALL: Files = {
  'requirements.txt': 'jinja2==3.1.6\nmarkupsafe==3.0.3\n',
  'app.py': `
import importlib
import jinja2

def handler(event, context):
    module = importlib.import_module("jinja2." + event["module"])
    return [jinja2.Template("{{ 1 + 1 }}").render(), module.__name__, module.__file__]
`,
  'events/one.json': '{"module": "utils"}',
  'other.json': '{"module": "sandbox"}',
};

/** The flags of each build. */
const BUILDS: Readonly<Record<string, readonly string[]>> = {
  none: ['--bytecode', 'none'],
  auto: [],
  only: ['--bytecode', 'only', '--config', 'compressed.json'],
};

if (here) {
  const own = (cwd: string) => ({ ...env, LAMBDA_SLIM_CACHE: join(cwd, 'cache') });
  const build = async (cwd: string, name: string, flags: readonly string[]) => {
    const entry = flags.includes('--config') ? [] : ['app.py'];
    const common = [
      '--runtime',
      here.runtime.id,
      '--compress',
      'fast',
      '--no-strip',
      '--out',
      name,
      '--json',
    ];
    const args = ['build', ...entry, ...common, ...flags];
    const { code, stdout, stderr } = await runFake(args, { cwd, env: own(cwd) });
    assert.is(code, 0, `${name}: ${stdout}${stderr}`);
    return JSON.parse(stdout);
  };
  const invoke = async (cwd: string, name: string, event: string, more: readonly string[] = []) => {
    const args = ['invoke', join(name, 'function.zip'), '--event', event, '--timeout', '60', ...more];
    const { code, stdout, stderr } = await runFake(args, { cwd, env: own(cwd) });
    assert.is(code, 0, `${name}: ${stdout}${stderr}`);
    return { answer: stdout.trim(), log: stderr };
  };

  test('scikit-learn answers the same with bytecode, without, and without sources and with a compressed library', () =>
    withProject(PROJECT, async cwd => {
      const answers = new Map<string, string>();
      const sizes: Record<string, number> = {};
      for (const [name, flags] of Object.entries(BUILDS)) {
        const { bytecode, artifact, native } = await build(cwd, name, flags);
        assert.is(bytecode?.mode ?? 'none', flags[1] ?? 'unchecked');
        assert.is(native.compressed !== null, name === 'only');
        sizes[name] = artifact.unzippedBytes;
        answers.set(name, (await invoke(cwd, name, 'events/one.json')).answer);
      }
      assert.is(new Set(answers.values()).size, 1, JSON.stringify([...answers]));
      assert.ok((sizes.none ?? 0) < (sizes.auto ?? 0), JSON.stringify(sizes));
      assert.match((await invoke(cwd, 'only', 'other.json')).answer, 'indow functions');
    }));

  test('level exact fetches a source that no run needed, beside bytecode without sources', () =>
    withProject(SMALL, async cwd => {
      const flags = ['--bytecode', 'only', '--level', 'exact', '--fallback', '--no-verify'];
      assert.ok((await build(cwd, 'exact', flags)).bytecode.removedSources > 0);
      const [one, other] = [
        await invoke(cwd, 'exact', 'events/one.json'),
        await invoke(cwd, 'exact', 'other.json', ['--layer', join('exact', 'function.rest.zip')]),
      ];
      assert.equal(JSON.parse(one.answer).slice(0, 2), ['2', 'jinja2.utils']);
      assert.match(one.answer, /utils\.pyc/);
      assert.equal(JSON.parse(other.answer).slice(0, 2), ['2', 'jinja2.sandbox']);
      assert.match(other.log, /LAMBDA_SLIM_MISSED .*jinja2\/sandbox\.py/);
    }));
}

test.run();
