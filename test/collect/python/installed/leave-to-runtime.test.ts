import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { installedEntries } from '../../../../src/collect/python/installed/installed-entries.ts';
import type { PythonProject } from '../../../../src/collect/python/project/types.ts';
import { withProject } from '../../../helpers/project.ts';
import { wheelFiles } from '../../../helpers/wheels.ts';

const SDK = {
  ...wheelFiles('boto3', '1.40.0', { requires: ['botocore', 's3transfer', 'jmespath'] }),
  ...wheelFiles('botocore', '1.40.0', { requires: ['jmespath', 'python-dateutil', 'urllib3'] }),
  ...wheelFiles('s3transfer', '0.9', { requires: ['botocore'] }),
  ...wheelFiles('jmespath', '1.0'),
  ...wheelFiles('python-dateutil', '2.9', { requires: ['six'] }),
  ...wheelFiles('six', '1.17'),
  ...wheelFiles('urllib3', '2.2'),
};

function makeProject(lines: readonly string[], isLocked = false): PythonProject {
  const requirements = lines.map(text => ({
    name: text.replace(/[^\w-].*$/, ''),
    text,
    hashes: [],
    source: null,
  }));
  const none = { inputs: [], constraints: [], options: [] };
  return { kind: 'requirements.txt', path: '/p/requirements.txt', requirements, isLocked, ...none };
}

/** What stays of the distributions, and the finding about the others. */
function collect(
  files: Readonly<Record<string, string>>,
  runtimeProvides: true | readonly string[],
  project: PythonProject | null = null,
  keep: readonly string[] = [],
) {
  return withProject(files, async dir => {
    const found = await installedEntries({ dir, keep, reached: new Map(), runtimeProvides, project });
    const names = found.packages.map(({ name }) => name);
    return { names, found, told: found.findings.find(({ code }) => code === 'RUNTIME_PROVIDES') };
  });
}

test('all that the runtime brings stays out, with the reason, and is told', async () => {
  const { names, found, told } = await collect({ ...SDK, ...wheelFiles('other', '1') }, true);
  assert.equal(names, ['other']);
  assert.ok(found.entries.every(({ path }) => path.startsWith('other')));
  assert.is(
    found.removals.find(({ path }) => path === 'boto3/__init__.py')?.rule.id,
    'collect/runtime-provides',
  );
  assert.equal(told, {
    code: 'RUNTIME_PROVIDES',
    level: 'info',
    packages: [
      'boto3@1.40.0',
      'botocore@1.40.0',
      'jmespath@1.0',
      'python-dateutil@2.9',
      's3transfer@0.9',
      'six@1.17',
      'urllib3@2.2',
    ],
    pinned: [],
  });
});

test('what a package that stays requires stays too, with what that requires', async () => {
  const pandas = wheelFiles('pandas', '3', { requires: ['python-dateutil>=2.8'] });
  assert.equal((await collect({ ...SDK, ...pandas }, true)).names, ['pandas', 'python-dateutil', 'six']);
});

test('the SDK goes although another package wants it', async () => {
  const xray = wheelFiles('aws-xray-sdk', '2', { requires: ['botocore>=1.11'] });
  assert.equal((await collect({ ...SDK, ...xray }, true)).names, ['aws-xray-sdk']);
});

test('what the project asks for by name stays, a lock asks for nothing', async () => {
  assert.equal((await collect(SDK, true, makeProject(['boto3', 'urllib3']))).names, ['urllib3']);
  assert.equal((await collect(SDK, true, makeProject(['boto3==1.40.0', 'urllib3==2.2'], true))).names, []);
});

test('named packages go, and the SDK as a whole', async () => {
  assert.equal((await collect(SDK, ['six'])).names.includes('six'), false);
  assert.equal((await collect(SDK, ['boto3'])).names, ['jmespath', 'python-dateutil', 'six', 'urllib3']);
  assert.is((await collect(SDK, [])).names.length, 7);
});

test('a version that the project pins is warned of', async () => {
  const { told } = await collect(SDK, true, makeProject(['boto3==1.40.0', 'botocore>=1']));
  assert.equal(told && 'pinned' in told ? [told.level, told.pinned] : null, ['warning', ['boto3==1.40.0']]);
});

test('what the user keeps is kept', async () => {
  const { found } = await collect(SDK, true, null, ['six/**']);
  assert.ok(found.entries.some(({ path }) => path === 'six/__init__.py'));
});

test.run();
