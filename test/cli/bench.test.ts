import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';
import { withLambdaStub } from '../helpers/lambda-stub.ts';
import { withProject } from '../helpers/project.ts';

test('deployed functions: with provisioned concurrency and without, in one table', () =>
  withLambdaStub({ api: { provisioned: ['live'] } }, async ({ env, functions }) => {
    const argv = ['bench', '--function', 'api', '--against', 'api:live', '--cold', '3', '--warm', '2'];
    const ran = await runFake(argv, { env });
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /api +110 \[110-110\] +3\.0 +3\.0 \/ 3\.0 +[\d.]+ +36 MiB/);
    assert.match(ran.stdout, /api:live +- +3\.0 /);
    assert.is(functions.get('api')?.invocations, 2 * (3 + 3 * 2));
    assert.is(functions.get('api')?.updates.length, 0);
  }));

test('forced cold starts: each has an init, and the variables are as before', () =>
  withLambdaStub({ api: { variables: { A1: 'x' } } }, async ({ env, functions }) => {
    const argv = ['bench', '--function', 'api', '--force-cold', '--cold', '2', '--warm', '1', '--json'];
    const ran = await runFake(argv, { env });
    assert.equal(ran.code, 0, ran.stderr);
    const { series, command, where, pageCache } = JSON.parse(ran.stdout);
    assert.equal([command, where, pageCache], ['bench', 'aws', { kind: 'kept' }]);
    assert.equal(
      series[0].starts.map((start: { initMs: number; warmMs: number[] }) => [start.initMs, start.warmMs]),
      [
        [110.1, [3.01]],
        [110.1, [3.01]],
      ],
    );
    assert.equal(functions.get('api')?.variables, { A1: 'x' });
  }));

test('a deployed function that fails makes exit code 1, and takes the marker away all the same', () => {
  const answer = (): never => {
    throw new Error('no model');
  };
  return withLambdaStub({ api: { answer } }, async ({ env, functions }) => {
    const ran = await runFake(['bench', '--function', 'api', '--force-cold', '--cold', '5'], { env });
    assert.is(ran.code, 1);
    assert.match(ran.stdout, /api +0 of 3/);
    assert.match(ran.stdout, /Error: no model/);
    assert.equal(functions.get('api')?.variables, {});
  });
});

test('Ctrl-C takes the marker away', () => {
  const controller = new AbortController();
  const answer = (): void => controller.abort();
  return withLambdaStub({ api: { answer, variables: { A1: 'x' } } }, async ({ env, functions }) => {
    const argv = ['bench', '--function', 'api', '--force-cold', '--html', 'page.html'];
    const ran = await runFake(argv, { env, signal: controller.signal });
    assert.equal([ran.code, ran.stdout], [2, '']);
    assert.match(ran.stderr, 'CANCELLED');
    assert.equal(functions.get('api')?.variables, { A1: 'x' });
  });
});

test('a second function that does not exist is found out before the first one is changed', () =>
  withLambdaStub({ api: {} }, async ({ env, functions }) => {
    const ran = await runFake(['bench', '--function', 'api', '--function', 'gone', '--force-cold'], { env });
    assert.is(ran.code, 2);
    assert.match(ran.stderr, 'AWS_NOT_FOUND');
    assert.is(functions.get('api')?.updates.length, 0);
  }));

test('--html writes a page, and nothing beside it', () =>
  withLambdaStub({ api: {} }, ({ env }) =>
    withProject({}, async cwd => {
      const ran = await runFake(['bench', '--function', 'api', '--cold', '1', '--html', 'out/page.html'], {
        cwd,
        env,
      });
      assert.is(ran.code, 0, ran.stderr);
      assert.match(await readFile(join(cwd, 'out/page.html'), 'utf8'), '<svg class="bench-plot"');
      assert.equal(await readdir(join(cwd, 'out')), ['page.html']);
    }),
  ));

test('the same artifact twice has two names', () =>
  withProject({ 'fn/index.mjs': 'export const handler = () => 1;' }, async cwd => {
    const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;
    const how = ['--runtime', runtime, '--isolation', 'none', '--no-cache', '--cold', '1', '--warm', '0'];
    const ran = await runFake(['bench', 'fn', 'fn', ...how, '--json'], { cwd });
    assert.is(ran.code, 0, ran.stderr);
    const { series } = JSON.parse(ran.stdout) as { series: { subject: { name: string } }[] };
    assert.equal(
      series.map(({ subject }) => subject.name),
      ['fn', 'fn (2)'],
    );
  }));

test('what does not go together is refused before anything is started', () =>
  withProject({ 'bad.json': '{', 'fn/index.mjs': '' }, async cwd => {
    const cases = [
      [['fn', '--function', 'api'], 'USAGE'],
      [['--function', 'api', '--original'], 'USAGE'],
      [['--function', 'api', '--page-cache', 'cold'], 'USAGE'],
      [['fn', '--force-cold'], 'USAGE'],
      [['--function', 'api', '--memory', '2048'], '--memory is for artifacts'],
      [['--function', 'api', '--container'], '--container is for artifacts'],
      [['--function', ''], 'name, name:alias or ARN, not ""'],
      [['--function', 'a/b'], 'USAGE'],
      [['--function', 'api', '--against', 'f:a:b'], 'USAGE'],
      [['fn', '--html', '.'], 'OUTPUT_UNWRITABLE'],
      [['fn', '--html', 'bad.json/page.html'], 'OUTPUT_UNWRITABLE'],
      [['--function', 'api:live', '--force-cold'], 'USAGE'],
      [['fn', '--cold', '0'], 'USAGE'],
      [['fn', '--cold', '1.5'], 'USAGE'],
      [['fn', '--page-cache', 'hot'], 'USAGE'],
      [['fn', '--event', 'bad.json'], 'EVENT_INVALID'],
      [['fn', '--event', 'gone.json'], 'INPUT_UNREADABLE'],
      [['gone.zip'], 'INPUT_UNREADABLE'],
    ] as const;
    for (const [argv, code] of cases) {
      const ran = await runFake(['bench', ...argv], { cwd, env: { AWS_REGION: 'eu-west-1' } });
      assert.equal([ran.code, ran.stdout], [2, ''], argv.join(' '));
      assert.match(ran.stderr, code, `${argv.join(' ')}: ${ran.stderr}`);
    }
  }));

test.run();
