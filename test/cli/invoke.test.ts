import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';
import { withProject, writeFiles } from '../helpers/project.ts';

const RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;
const HERE = ['--runtime', RUNTIME, '--no-cache', '--isolation', 'none'];
const FILES = {
  'index.mjs': `let count = 0;
    export const handler = async event => {
      if (event.fail === ++count) throw new RangeError('too far');
      return { event, count, name: process.env.NAME, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE };
    };
    export const text = awslambda.streamifyResponse(async (event, stream) => {
      stream.setContentType('text/plain');
      stream.end('streamed');
    });
    export const bytes = awslambda.streamifyResponse(async (event, stream) => {
      stream = awslambda.HttpResponseStream.from(stream, { statusCode: 206, headers: { a: 'b' } });
      // As on Lambda, the prelude goes with the first write.
      stream.write(Buffer.from([0xff]));
      stream.end(Buffer.from([0]));
    });`,
  'event.json': '\ufeff{ "a": 1 }',
  'bad.json': '{',
  'latin1.json': Buffer.from('"\xe9"', 'latin1'),
};

const invoke = (cwd: string, ...argv: readonly string[]) =>
  runFake(['invoke', '.', ...HERE, ...argv], { cwd });

test('the event comes from a file, from the command line, or is empty', () =>
  withProject(FILES, async cwd => {
    const event = async (...argv: readonly string[]): Promise<unknown> => {
      const ran = await invoke(cwd, ...argv);
      assert.is(ran.code, 0, ran.stderr);
      return JSON.parse(ran.stdout).event;
    };
    assert.equal(await event('--event', 'event.json'), { a: 1 });
    assert.equal(await event('--event', ' {"b":[2]}'), { b: [2] });
    assert.equal(await event('--event', '["x"]'), ['x']);
    assert.equal(await event(), {});
  }));

test('what the config gives the function holds for what build wrote, and --env beats it', () =>
  withProject(FILES, async cwd => {
    const config = { entry: 'index.mjs', runtime: RUNTIME, memoryMiB: 512, environment: { NAME: 'config' } };
    await writeFiles(cwd, {
      'package.json': '{}',
      'lambda-slim.config.json': JSON.stringify(config),
    });
    const built = await runFake(['build', '--no-cache'], { cwd });
    assert.is(built.code, 0, built.stderr);
    const answer = async (...argv: readonly string[]): Promise<unknown> => {
      const ran = await runFake(['invoke', '--no-cache', '--isolation', 'none', ...argv], { cwd });
      assert.is(ran.code, 0, ran.stderr);
      const { name, memory } = JSON.parse(ran.stdout);
      return [name, memory];
    };
    assert.equal(await answer(), ['config', '512']);
    assert.equal(await answer('--env', 'NAME=asked', '--memory', '256'), ['asked', '256']);
  }));

test('it comes from stdin too', () =>
  withProject(FILES, async cwd => {
    const script = `
      import { run } from ${JSON.stringify(new URL('../../src/cli/run.js', import.meta.url).href)};
      const { stdout, stderr } = process;
      process.exitCode = await run(process.argv.slice(1), { cwd: process.cwd(), env: {}, stdout, stderr });`;
    const argv = ['--input-type=module', '-e', script, '--', 'invoke', '.', ...HERE, '--event', '-'];
    const child = spawn(process.execPath, argv, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write('{"from":');
    child.stdin.end('"stdin"}');
    const output = child.stdout.setEncoding('utf8').toArray();
    const [code] = await once(child, 'close');
    assert.equal([code, JSON.parse((await output).join('')).event], [0, { from: 'stdin' }]);
  }));

test('what is no event is refused before anything runs', () =>
  withProject(FILES, async cwd => {
    const large = `"${'a'.repeat(6_291_455)}"`;
    for (const [event, code, words] of [
      ['bad.json', 'EVENT_INVALID', /bad\.json is not? JSON/],
      ['{"a":}', 'EVENT_INVALID', /after --event is not? JSON/],
      ['', 'EVENT_INVALID', /after --event is not JSON: it is empty/],
      [' ', 'EVENT_INVALID', /after --event is not JSON: it is empty/],
      ['latin1.json', 'EVENT_INVALID', 'not in UTF-8'],
      ['none.json', 'INPUT_UNREADABLE', 'nothing is there'],
      ['.', 'INPUT_UNREADABLE', 'it is a folder'],
      [large, 'PAYLOAD_TOO_LARGE', '6291457 bytes'],
    ] as const) {
      const ran = await invoke(cwd, '--event', event);
      assert.equal([ran.code, ran.stdout], [2, '']);
      assert.match(ran.stderr, `error ${code}: `);
      assert.match(ran.stderr.replace(/\s+/g, ' '), words);
      assert.not.match(ran.stderr, 'START');
    }
  }));

test('--times keeps the sandbox warm, ends at a failure, and each run has a report', () =>
  withProject(FILES, async cwd => {
    const { stdout, stderr, code } = await invoke(
      cwd,
      '--times',
      '3',
      '--json',
      '--env',
      'NAME=value',
      '--memory',
      '512',
    );
    const { answer, error, raw, runs, isolation } = JSON.parse(stdout);
    assert.equal([code, error, raw], [0, null, null]);
    assert.equal(answer, { event: {}, count: 3, name: 'value', memory: '512' });
    const cold = runs.map(({ initMs }: { initMs: number | null }) => initMs !== null);
    assert.equal(cold, [true, false, false]);
    assert.equal([isolation.kind, runs[0].status, runs[0].memoryMiB], ['process', 'success', 512]);
    assert.is(stderr.match(/^REPORT /gm)?.length, 3);
    assert.match(stderr, 'Isolation: a plain process');
    const failed = await invoke(cwd, '--times', '5', '--json', '--event', '{"fail":2}');
    const document = JSON.parse(failed.stdout);
    assert.equal(
      [failed.code, document.answer, document.runs.length, document.runs[1].status],
      [1, null, 2, 'error'],
    );
    assert.equal([document.error.errorType, Array.isArray(document.error.trace)], ['RangeError', true]);
  }));

test('a failure is printed as Lambda gives it', () =>
  withProject(FILES, async cwd => {
    const ran = await invoke(cwd, '--event', '{"fail":1}');
    assert.is(ran.code, 1);
    assert.match(ran.stdout, /^\{"errorType":"RangeError","errorMessage":"too far","trace":\[".*\]\}\n$/);
  }));

test('a line that another one would be written over on a terminal is a line of its own', () =>
  withProject(
    { 'index.mjs': `export const handler = () => { process.stdout.write('one\\rtwo\\r\\n'); };` },
    async cwd => {
      const { stderr } = await invoke(cwd);
      assert.match(stderr, '\none\ntwo\r\n');
    },
  ));

test('streams are printed as text where they are text; the document has all of them', () =>
  withProject(FILES, async cwd => {
    assert.equal((await invoke(cwd, '--handler', 'index.text')).stdout, 'streamed\n');
    assert.equal((await invoke(cwd, '--handler', 'index.bytes')).stdout, '/wA=\n');
    const { raw, answer } = JSON.parse((await invoke(cwd, '--handler', 'index.bytes', '--json')).stdout);
    assert.equal(
      [answer, raw],
      [
        null,
        {
          contentType: 'application/vnd.awslambda.http-integration-response',
          prelude: { statusCode: 206, headers: { a: 'b' } },
          body: '/wA=',
          isBase64Encoded: true,
        },
      ],
    );
  }));

test.run();
