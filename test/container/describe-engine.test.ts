import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeEngine } from '../../src/container/describe-engine.ts';
import type { EngineName, EnginePlace } from '../../src/container/types.ts';

const DEBIAN = {
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  SecurityOptions: ['name=seccomp,profile=default'],
};
const DESKTOP = { OperatingSystem: 'Docker Desktop', SecurityOptions: ['name=seccomp'] };
const PODMAN = { host: { serviceIsRemote: false, security: { rootless: true } } };

const HERE: EnginePlace = { kind: 'here' };
const MACHINE: EnginePlace = { kind: 'machine', host: 'host.docker.internal' };

const CASES: readonly (readonly [
  string,
  EngineName,
  unknown,
  string | null,
  NodeJS.Platform,
  EnginePlace,
])[] = [
  ['Docker on Linux', 'docker', DEBIAN, 'unix:///var/run/docker.sock', 'linux', HERE],
  ['Docker on Linux by TCP', 'docker', DEBIAN, 'tcp://127.0.0.1:2375', 'linux', HERE],
  [
    'Docker Desktop on Linux',
    'docker',
    DESKTOP,
    'unix:///home/me/.docker/desktop/docker.sock',
    'linux',
    MACHINE,
  ],
  ['Docker on macOS', 'docker', DESKTOP, 'unix:///Users/me/.docker/run/docker.sock', 'darwin', MACHINE],
  ['Docker on Windows', 'docker', DESKTOP, 'npipe:////./pipe/dockerDesktopLinuxEngine', 'win32', MACHINE],
  ['Finch on macOS', 'finch', { OperatingSystem: 'Fedora' }, null, 'darwin', MACHINE],
  [
    'Docker elsewhere',
    'docker',
    DEBIAN,
    'tcp://docker:2376',
    'linux',
    { kind: 'far', endpoint: 'tcp://docker:2376', host: 'docker' },
  ],
  [
    'Docker by ssh',
    'docker',
    DEBIAN,
    'ssh://me@box',
    'linux',
    { kind: 'far', endpoint: 'ssh://me@box', host: null },
  ],
  ['Podman on Linux', 'podman', PODMAN, null, 'linux', HERE],
  [
    'Podman on macOS',
    'podman',
    PODMAN,
    null,
    'darwin',
    { kind: 'machine', host: 'host.containers.internal' },
  ],
  [
    'Podman elsewhere',
    'podman',
    { host: { serviceIsRemote: true } },
    'tcp://10.0.0.7:8080',
    'linux',
    { kind: 'far', endpoint: 'tcp://10.0.0.7:8080', host: '10.0.0.7' },
  ],
];

for (const [name, engine, info, endpoint, platform, place] of CASES)
  test(`where containers run: ${name}`, () =>
    assert.equal(describeEngine(engine, JSON.stringify(info), endpoint, platform).place, place));

test('who is root in a container of a rootless engine', () => {
  const rootless = { ...DEBIAN, SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] };
  const isRootless = (engine: EngineName, info: unknown): boolean =>
    describeEngine(engine, JSON.stringify(info), null, 'linux').rootless;
  assert.equal(
    [isRootless('docker', DEBIAN), isRootless('docker', rootless), isRootless('podman', PODMAN)],
    [false, true, true],
  );
});

test('a program that answers while its engine does not', () => {
  const info = JSON.stringify({ ServerErrors: ['Cannot connect to the Docker daemon'] });
  assert.is(describeEngine('docker', info, null, 'linux').failure, 'Cannot connect to the Docker daemon');
  assert.is(describeEngine('docker', JSON.stringify(DEBIAN), null, 'linux').failure, null);
});

test.run();
