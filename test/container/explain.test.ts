import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainOutput } from '../../src/container/explain-engine-error.ts';
import { explainStart } from '../../src/container/explain-start.ts';
import { formatByHand } from '../../src/container/format-by-hand.ts';
import { lastLines } from '../../src/container/last-lines.ts';
import type { Engine } from '../../src/container/types.ts';
import { CONTAINER } from '../helpers/project.ts';

const image = { id: 'sha256:1', name: 'image:1', platform: 'linux/arm64', entrypoint: [] };
const engine: Engine = {
  name: 'podman',
  place: { kind: 'here' },
  rootless: true,
  env: {},
  run: async () => '',
};

test('why a container does not start, in the words of several runtimes', () => {
  const table = [
    ['exec /bin/sh: exec format error', 'CONTAINER_EMULATION_MISSING'],
    [
      'OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
      'CONTAINER_TOOL_MISSING',
    ],
    [
      'Error: crun: executable file `/bin/sh` not found: No such file or directory: OCI runtime',
      'CONTAINER_TOOL_MISSING',
    ],
    [
      'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      'CONTAINER_ENGINE_DOWN',
    ],
    ['write /x: no space left on device', 'CONTAINER_NO_SPACE'],
    ['network nowhere not found', 'CONTAINER_FAILED'],
    ['', 'CONTAINER_FAILED'],
  ] as const;
  for (const [words, code] of table) assert.is(explainStart(engine, image, words).code, code, words);
});

test('a disk that is full is told from an engine that fails', () => {
  assert.is(
    explainOutput('docker', 'make a volume', 'mkdir: disk quota exceeded').code,
    'CONTAINER_NO_SPACE',
  );
  assert.is(explainOutput('docker', 'make a volume', 'no such volume').code, 'CONTAINER_FAILED');
});

test('the command to do it by hand has all steps up to the one that failed, and values of no variable of this machine', () => {
  const steps = [
    { command: ['cp', '-R', '/lambda-slim/in/.', '.'] as const },
    { command: ['npm', 'ci', "--it's"] as const, cwd: '/lambda-slim/work/a b', env: { A: 'x y' } },
    { command: ['never'] as const },
  ];
  const options = { ...CONTAINER, environment: ['GH_TOKEN'], network: 'host' };
  const [, failed] = steps;
  assert.ok(failed);
  assert.is(
    formatByHand({ engine, image, user: '1000:1000' }, { options, steps, env: { B: '1' } }, failed),
    [
      'podman run --rm -it --platform linux/arm64 --user 1000:1000 --network host --env GH_TOKEN --env B=1 --env HOME=/tmp',
      '--tmpfs /lambda-slim/work:exec,mode=1777 --tmpfs /lambda-slim/out:exec,mode=1777 --tmpfs /lambda-slim/scratch:exec,mode=1777',
      '--volume "$PWD":/lambda-slim/in:ro --workdir /lambda-slim/work --entrypoint sh image:1 -c',
      `'cp -R /lambda-slim/in/. . && (cd '\\''/lambda-slim/work/a b'\\'' && A='\\''x y'\\'' npm ci '\\''--it'\\''\\'\\'''\\''s'\\'')'`,
    ].join(' '),
  );
});

test('of a long output the end is shown', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  assert.is(lastLines(`${lines.join('\n')}\n\n`), ['…', ...lines.slice(10)].join('\n'));
  assert.is(lastLines('one\ntwo\n'), 'one\ntwo');
});

test.run();
