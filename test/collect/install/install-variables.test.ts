import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installVariables } from '../../../src/collect/install/install-variables.ts';
import { findRuntime } from '../../../src/platform/runtimes.ts';
import { CONTAINER, makeFunction } from '../../helpers/project.ts';

const { platform } = makeFunction('/');
const python = { ...platform, runtime: findRuntime('python3.12') };
const install = { scripts: [], container: 'mine:1' };
const container = { ...CONTAINER, environment: ['A', 'B'] };

test('variables of pip and uv that change what is installed count for Python', () => {
  const decisive = ['PIP_NO_BINARY', 'PIP_ONLY_BINARY', 'PIP_PREFER_BINARY', 'PIP_NO_BUILD_ISOLATION'].concat(
    ['PIP_CONSTRAINT', 'PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_PRE', 'PIP_CONFIG_FILE'],
    ['UV_CONSTRAINT', 'UV_INDEX_STRATEGY', 'UV_PRERELEASE', 'UV_RESOLUTION', 'UV_EXCLUDE_NEWER'],
  );
  const others = ['PIP_CACHE_DIR', 'PIP_TIMEOUT', 'PIP_NO_INPUT', 'UV_CACHE_DIR', 'PATH', 'MY_PIP_PRE'];
  const env = Object.fromEntries([...decisive, ...others].map(name => [name, 'x']));
  const fn = { platform: python, install: { scripts: [], container: false }, container };
  const expected = decisive.map(name => `${name}=x`).sort();
  assert.equal(installVariables(fn, env), expected);
  assert.equal(installVariables({ ...fn, platform }, env), []);
});

test('variables that a container sees count where there is one', () => {
  const env = { A: '1', C: '2' };
  assert.equal(installVariables({ platform, install, container }, env), ['A=1', 'B=']);
  const here = { platform, install: { ...install, container: false }, container };
  assert.equal(installVariables(here, env), []);
});

test.run();
