import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { discoverFunctions } from '../../src/config/discover-functions.ts';
import { formatConfig } from '../../src/config/format-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { withProject } from '../helpers/project.ts';

const project = (name: string): string => resolve('fixtures/projects', `config-init-${name}`);

test('serverless.yml tells handlers, runtime and CPU', async () => {
  const found = await discoverFunctions(project('serverless'));
  assert.equal(found.functions, [
    { entry: 'src/list.ts', handler: null },
    { entry: 'src/buy.ts', handler: 'run' },
  ]);
  assert.is(found.runtime, 'nodejs22.x');
  assert.is(found.arch, 'arm64');
  assert.ok(found.isTypeScript);
  assert.ok(found.found.includes('runtime nodejs22.x, from serverless.yml'));
});

test('a SAM template tells a handler relative to its CodeUri', async () => {
  const found = await discoverFunctions(project('sam'));
  assert.equal(found.functions, [{ entry: 'hello/app.mjs', handler: null }]);
  assert.is(found.runtime, 'nodejs20.x');
  assert.is(found.arch, 'arm64');
});

test('a CDK app tells its constants', () =>
  withProject(
    {
      'cdk.json': '{}',
      'lib/stack.ts': `new NodejsFunction(this, 'A', {
        entry: 'lambda/api.ts',
        runtime: Runtime.NODEJS_22_X,
        architecture: Architecture.ARM_64,
      });`,
      'lambda/api.ts': '',
    },
    async dir => {
      const { functions, runtime, arch } = await discoverFunctions(dir);
      assert.equal(
        [functions, runtime, arch],
        [[{ entry: 'lambda/api.ts', handler: null }], 'nodejs22.x', 'arm64'],
      );
    },
  ));

test('without them the usual file, and the newest runtime that "engines" allows', async () => {
  const found = await discoverFunctions(project('engines'));
  assert.equal(found.functions, [{ entry: 'index.mjs', handler: null }]);
  assert.is(found.runtime, 'nodejs22.x');
  assert.is(found.arch, 'x64');
  assert.not.ok(found.isTypeScript);
});

for (const format of ['ts', 'js', 'json'] as const) {
  for (const name of ['serverless', 'sam', 'engines']) {
    test(`the ${format} config for ${name} is valid when it is read back`, async () => {
      const discovery = await discoverFunctions(project(name));
      const file = `lambda-slim.config.${format === 'js' ? 'mjs' : format}`;
      await withProject({ [file]: formatConfig(discovery, format) }, async dir => {
        const config = parseConfig(await readConfig(`${dir}/${file}`), file);
        const entries = Object.values(config.functions ?? { only: config }).map(fn => fn.entry);
        assert.equal(
          entries,
          discovery.functions.map(({ entry }) => entry),
        );
        assert.is(config.runtime, discovery.runtime);
        assert.is(config.arch, discovery.arch);
      });
    });
  }
}

test('functions whose files have one name are told apart by their folders', () => {
  const functions = [
    { entry: 'a/index.ts', handler: null },
    { entry: 'b/index.ts', handler: null },
  ];
  const discovery = { functions, runtime: 'nodejs24.x', arch: 'x64', isTypeScript: true, found: [] } as const;
  assert.equal(Object.keys(JSON.parse(formatConfig(discovery, 'json')).functions), ['a-index', 'b-index']);
});

test.run();
