import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import { mergeConfig, toLayer } from '../../src/config/merge-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { resolveContainer } from '../../src/config/resolve-container.ts';
import type { CliArgs, ContainerConfig } from '../../src/config/types.ts';
import { CONTAINER, withProject } from '../helpers/project.ts';

function problemOf(container: unknown): string {
  try {
    parseConfig({ entry: 'a.ts', container }, 'here.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'valid';
}

test('only names of packages are packages', () => {
  const good = [
    'gcc-gfortran',
    'g++',
    'libstdc++-devel',
    'python3.12-devel',
    'libgomp1:amd64',
    'zlib1g-dev=1:1.2~x',
  ];
  assert.is(problemOf({ packages: good }), 'valid');
  for (const bad of [
    '-y',
    '--setopt=a=b',
    'a b',
    'a;b',
    '$(x)',
    '/tmp/x.rpm',
    'https://x/y.rpm',
    'a*',
    'gcc-',
    '',
    '@group',
  ])
    assert.match(problemOf({ packages: [bad] }), 'expected the name of a package', bad);
});

test('wrong settings are named', () => {
  assert.match(problemOf({ environment: ['A=b'] }), 'expected the name of a variable');
  assert.match(problemOf({ network: '--privileged' }), 'expected the name of a network');
  assert.match(problemOf({ cpus: 0 }), 'expected a number of CPUs');
  assert.match(problemOf({ memoryMiB: 1 }), 'MiB from 64');
  assert.match(problemOf({ timeoutSeconds: 0 }), 'whole number of seconds');
  assert.match(problemOf({ vendorLibraries: ['../libx.so'] }), 'vendorLibraries');
  assert.match(problemOf({ packages_: [] }), 'packages');
  assert.is(problemOf({ vendorLibraries: true, engine: 'podman', network: 'host', cpus: 0.5 }), 'valid');
  assert.is(problemOf({ vendorLibraries: ['libgomp.so.1', 'libstdc++.so.6', 'libGL.so'] }), 'valid');
});

test('lists add up, and the command line chooses engine and image', () => {
  const below: ContainerConfig = { packages: ['a'], vendorLibraries: ['libx.so'], cpus: 1, engine: 'docker' };
  const layer = toLayer({ engine: 'podman', containerImage: 'mine:1' }, '/');
  const merged = mergeConfig({ container: below }, mergeConfig({ container: { packages: ['b'] } }, layer));
  assert.equal(resolveContainer(merged.container), {
    ...CONTAINER,
    engine: 'podman',
    packages: ['a', 'b'],
    cpus: 1,
    vendorLibraries: ['libx.so'],
    shellArgs: ['--engine', 'podman'],
  });
  assert.is(merged.install?.container, 'mine:1');
  const all = mergeConfig({ container: below }, { container: { vendorLibraries: true } });
  assert.is(all.container?.vendorLibraries, true);
});

test('--container keeps the image that the config names; --no-container switches it off', () => {
  const named = { install: { container: 'mine:1' } };
  const choose = (args: Parameters<typeof toLayer>[0]) =>
    mergeConfig(named, toLayer(args, '/')).install?.container;
  assert.is(choose({}), 'mine:1');
  assert.is(choose({ container: true }), 'mine:1');
  assert.is(choose({ container: false }), false);
  assert.is(choose({ containerImage: 'other:2' }), 'other:2');
  assert.equal(resolveContainer(), CONTAINER);
});

test('`container shell` finds the function by what was said of it, from any form of it', () =>
  withProject(
    {
      'package.json': '{}',
      'api.mjs': 'export const handler = () => {};',
      'one.json': JSON.stringify({
        entry: 'api.mjs',
        runtime: 'nodejs22.x',
        container: { engine: 'podman' },
      }),
      'two.json': JSON.stringify({
        runtime: 'nodejs24.x',
        install: { container: 'mine:1', scripts: ['sharp'] },
        functions: { api: { entry: 'api.mjs', arch: 'arm64' } },
      }),
    },
    async dir => {
      const argsOf = async (args: CliArgs): Promise<readonly string[]> =>
        (await loadConfig(dir, args, {})).functions.flatMap(({ container }) => container.shellArgs);
      const platform = ['--runtime', 'nodejs22.x', '--arch', 'x64'];
      const [one, two] = [join(dir, 'one.json'), join(dir, 'two.json')];
      assert.equal(await argsOf({ entry: 'api.mjs', runtime: 'nodejs22.x' }), [
        join(dir, 'api.mjs'),
        ...platform,
      ]);
      assert.equal(await argsOf({ config: 'one.json' }), [
        '--config',
        one,
        ...platform,
        '--engine',
        'podman',
      ]);
      assert.equal(await argsOf({ config: 'two.json' }), [
        ...['--function', 'api', '--config', two, '--runtime', 'nodejs24.x', '--arch', 'arm64'],
        ...['--container-image', 'mine:1', '--allow-scripts', 'sharp'],
      ]);
    },
  ));

test.run();
