import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listExecArgs } from '../../src/container/exec-in.ts';
import { listBuildArgs } from '../../src/container/list-build-args.ts';
import { nameScratch } from '../../src/container/volumes.ts';
import { CONTAINER } from '../helpers/project.ts';

const image = { id: 'sha256:1', name: 'image:1', platform: 'linux/arm64', entrypoint: ['/x'] };
const plan = { name: 'c', labels: ['l=1'], image, options: CONTAINER, sources: 'v', scratch: null };

test('the container has its sources read-only, secrets in memory, and no variables', () => {
  const text = listBuildArgs(plan).join(' ');
  assert.match(text, '--platform linux/arm64');
  assert.match(text, '--volume v:/lambda-slim/in:ro --tmpfs /lambda-slim/secrets:');
  assert.not.match(text, /--env|--memory|--cpus|--network|scratch/);
});

test('limits, network and scratch volume are those asked for', () => {
  const options = { ...CONTAINER, cpus: 1.5, memoryMiB: 512, network: 'host' };
  const text = listBuildArgs({ ...plan, options, scratch: 's' }).join(' ');
  assert.match(text, '--network host --cpus 1.5 --memory 512m --memory-swap 512m');
  assert.match(text, '--volume s:/lambda-slim/scratch ');
});

test('what has lines is taken from the environment of the program, unless that is its own', () => {
  const host = { HOME: '/me', KEY: '1\n2' };
  const request = { user: '1:2', cwd: '/w', interactive: true };
  const { args, env } = listExecArgs({ env: host }, request, '/f', { A: 'x\ny', KEY: '1\n2', HOME: '\n' });
  assert.equal(args, [
    ...['exec', '--user', '1:2', '--workdir', '/w', '--env-file', '/f'],
    ...['--env', 'A', '--env', 'KEY', '--interactive'],
  ]);
  assert.equal(env, { HOME: '/me', A: 'x\ny', KEY: '1\n2' });
});

test('a scratch volume is one for a content, an image, a CPU and a user', () => {
  const names = [
    nameScratch('k', image, '0:0'),
    nameScratch('l', image, '0:0'),
    nameScratch('k', { ...image, id: 'sha256:2' }, '0:0'),
    nameScratch('k', { ...image, platform: 'linux/amd64' }, '0:0'),
    nameScratch('k', image, '1:0'),
  ];
  assert.is(new Set(names).size, names.length);
  assert.is(nameScratch('k', image, '0:0'), names[0]);
  assert.match(names[0] ?? '', /^lambda-slim-scratch-[0-9a-f]{24}$/);
});

test.run();
