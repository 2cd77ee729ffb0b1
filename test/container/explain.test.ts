import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { NO_CREDENTIALS } from '../../src/container/credentials/credentials.ts';
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
    ['Error response from daemon: network nowhere not found', 'CONTAINER_OPTION_REFUSED'],
    ['Error: unable to find network with name or ID nowhere: network not found', 'CONTAINER_OPTION_REFUSED'],
    ['volume nowhere not found', 'CONTAINER_FAILED'],
    ['', 'CONTAINER_FAILED'],
  ] as const;
  for (const [words, code] of table) assert.is(explainStart(engine, image, words).code, code, words);
});

test('what an engine does not take of the config is named', () => {
  const words =
    'Error response from daemon: Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available';
  const error = explainOutput('docker', 'make the container', words);
  assert.is(error.code, 'CONTAINER_OPTION_REFUSED');
  assert.match(error.message, 'container.cpus');
});

test('a disk that is full is told from an engine that fails', () => {
  assert.is(
    explainOutput('docker', 'make a volume', 'mkdir: disk quota exceeded').code,
    'CONTAINER_NO_SPACE',
  );
  assert.is(explainOutput('docker', 'make a volume', 'no such volume').code, 'CONTAINER_FAILED');
});

const run = { options: CONTAINER, steps: [], credentials: NO_CREDENTIALS };

test('the lines to do it by hand have all steps up to the one that failed, for the shell of the same function', () => {
  const steps = [
    { command: ['cp', '-R', '/lambda-slim/in/.', '.'] as const },
    { command: ['npm', 'ci', "--it's"] as const, cwd: '/lambda-slim/work/a b', env: { A: 'x y' } },
    { command: ['never'] as const },
  ];
  const options = { ...CONTAINER, shellArgs: ['--function', 'my api', '--runtime', 'python3.12'] };
  const [, failed] = steps;
  assert.ok(failed);
  assert.equal(formatByHand({ ...run, options, steps }, failed).split('\n'), [
    "lambda-slim container shell --function 'my api' --runtime python3.12 <<'END'",
    '(set -e',
    'cp -R /lambda-slim/in/. .',
    "cd '/lambda-slim/work/a b'",
    "A='x y' npm ci '--it'\\''s'",
    ') </dev/null',
    'END',
  ]);
});

test('they warn where code of packages would run beside credentials', () => {
  const step = { command: ['node', 'x'] as const, withoutCredentials: true } as const;
  const warn = (masked: readonly string[]): boolean => {
    const credentials = { ...NO_CREDENTIALS, masked };
    return formatByHand({ ...run, steps: [step], credentials }, step).includes('# Packages run code');
  };
  assert.equal([warn([]), warn(['token'])], [false, true]);
});

test('of a long output the end is shown', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`);
  assert.is(lastLines(`${lines.join('\n')}\n\n`), ['…', ...lines.slice(10)].join('\n'));
  assert.is(lastLines('one\ntwo\n'), 'one\ntwo');
});

test.run();
