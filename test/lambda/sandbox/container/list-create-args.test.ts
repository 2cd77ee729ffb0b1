import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeEnvFile } from '../../../../src/container/write-env-file.ts';
import {
  type ContainerPlan,
  listCreateArgs,
} from '../../../../src/lambda/sandbox/container/list-create-args.ts';
import { nameImage } from '../../../../src/lambda/sandbox/container/name-image.ts';
import { parseMemoryUse } from '../../../../src/lambda/sandbox/container/read-stats.ts';
import { findRuntime } from '../../../../src/platform/runtimes.ts';
import { withTempDir } from '../../../../src/util/fs.ts';

const PLAN: ContainerPlan = {
  name: 'lambda-slim-1-ab',
  labels: ['io.lambda-slim.host=box'],
  image: { id: 'sha256:1', name: 'image:1', platform: 'linux/arm64', entrypoint: ['/lambda-entrypoint.sh'] },
  mounts: ['--mount', 'type=bind,source=/code,target=/var/task,readonly'],
  network: ['--network', 'host'],
  user: null,
  envFile: '/work/a.env',
  passedOn: ['LINES'],
  handler: 'index.handler',
};

const after = (args: readonly string[], name: string): string | undefined => args[args.indexOf(name) + 1];

test('a container has the limits of the function and no rights', () => {
  const args = listCreateArgs(PLAN, { memoryMiB: 1024, tmpMiB: 512 });
  assert.equal(
    ['--memory', '--memory-swap', '--platform', '--cap-drop', '--env', '--entrypoint'].map(name =>
      after(args, name),
    ),
    ['1536m', '1536m', 'linux/arm64', 'ALL', 'LINES', '/bin/sh'],
  );
  assert.match(after(args, '--tmpfs') ?? '', /^\/tmp:.*size=512m/);
  assert.ok(args.includes('--read-only') && !args.includes('--user'));
  assert.is(after(listCreateArgs({ ...PLAN, user: '1:2' }, { memoryMiB: 1, tmpMiB: 1 }), '--user'), '1:2');
});

test('the image comes after all options, and its entry point and the handler at the end', () => {
  const args = listCreateArgs(PLAN, { memoryMiB: 1024, tmpMiB: 512 });
  const command = args.slice(args.indexOf('image:1'));
  assert.equal([command[1], ...command.slice(3)], ['-c', 'sh', '/lambda-entrypoint.sh', 'index.handler']);
});

test('a file holds the variables but for those with line breaks, and only its owner reads it', () =>
  withTempDir(async dir => {
    const file = join(dir, 'env');
    const env = { PLAIN: 'a=b "c"', LINES: 'a\nb', RETURN: 'a\rb' };
    assert.equal(await writeEnvFile(file, env), { LINES: 'a\nb', RETURN: 'a\rb' });
    assert.is(await readFile(file, 'utf8'), 'PLAIN=a=b "c"\n');
    assert.is((await stat(file)).mode & 0o777, 0o600);
  }));

test('the image of a runtime', () => {
  assert.is(nameImage(findRuntime('nodejs24.x'), 'x64'), 'public.ecr.aws/lambda/nodejs:24-x86_64');
  assert.is(nameImage(findRuntime('python3.12'), 'arm64'), 'public.ecr.aws/lambda/python:3.12-arm64');
});

test('what an engine says of memory', () => {
  assert.is(parseMemoryUse('63.5MiB / 128MiB\n'), 66_584_576);
  assert.is(parseMemoryUse('1.2MB / 25GB'), 1_200_000);
  assert.is(parseMemoryUse('-- / --'), null);
  assert.is(parseMemoryUse(''), null);
});

test.run();
