import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { serveCommand, toGatewaySettings } from '../../src/cli/commands/serve.ts';
import { makeJsonReporter } from '../../src/report/json-reporter.ts';
import { makeOut } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

type Args = Parameters<typeof serveCommand.run>[0];

/** The runtime of the Node.js that runs the tests, so that none has to be fetched. */
const HERE = { runtime: `nodejs${process.versions.node.split('.')[0]}.x`, cache: false, isolation: 'none' };
const TOOL = { name: 'lambda-slim', version: '0.0.0' } as const;
const ECHO = {
  'index.mjs': `import { tmpdir } from 'node:os';
  export const handler = async event => {
    console.log('a log line');
    if (event.rawPath === '/fail') throw new TypeError('no');
    return { statusCode: 200, body: JSON.stringify({ pid: process.pid, tmp: tmpdir(), path: event.rawPath ?? event.path }) };
  };`,
};

interface Answer {
  readonly pid: number;
  readonly tmp: string;
  readonly path: string;
}

interface Serving {
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Serves a folder until `use` is done, then stops it as Ctrl-C does; gives the exit code. */
async function withServe(
  cwd: string,
  args: Readonly<Record<string, unknown>>,
  use: (serving: Serving) => Promise<void>,
): Promise<number> {
  const controller = new AbortController();
  const stdout = makeOut();
  const stderr = makeOut();
  const io = { cwd, env: {}, stdout: stdout.out, stderr: stderr.out, signal: controller.signal };
  const reporter = makeJsonReporter(TOOL, 'serve');
  const session = { io, tool: TOOL, reporter, json: args.json === true, format: 'text' as const };
  const all = { artifact: '.', port: 0, ...HERE, ...args } as unknown as Args;
  const code = serveCommand.run(all, session);
  try {
    while (stdout.read() === '') await Promise.race([delay(2), code]);
    const url = /http:[^\s"]+/.exec(stdout.read())?.[0] ?? '';
    await use({ url, stdout: stdout.read, stderr: stderr.read });
  } finally {
    controller.abort();
  }
  return code;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('serve answers until it is stopped, exits with 0 and leaves nothing behind', () =>
  withProject(ECHO, async cwd => {
    let pid = 0;
    let tmp = '';
    const code = await withServe(cwd, {}, async ({ url, stdout, stderr }) => {
      assert.match(stdout(), /^Listening on http:\/\/127\.0\.0\.1:\d+\n$/);
      const answer = (await (await fetch(`${url}/a%20b`)).json()) as Answer;
      ({ pid, tmp } = answer);
      assert.is(answer.path, '/a b');
      assert.is((await fetch(`${url}/fail`)).status, 500);
      while (!stderr().includes('GET /fail 500')) await delay(2);
      for (const words of [
        'Isolation: ',
        'a log line',
        'REPORT RequestId: ',
        'GET /a%20b 200 ',
        'Note: GET /fail: TypeError: no\n',
      ]) {
        assert.match(stderr(), words);
      }
      assert.not.match(stderr(), 'Warning');
    });
    assert.is(code, 0);
    assert.is(isAlive(pid), false);
    if (tmp !== '/tmp') assert.is(existsSync(tmp), false, tmp);
  }));

test('several sandboxes, a REST API, and one document with --json', () =>
  withProject(ECHO, async cwd => {
    const code = await withServe(
      cwd,
      { concurrency: 2, api: 'rest', json: true },
      async ({ url, stdout }) => {
        const { api, stage, port, command } = JSON.parse(stdout());
        assert.equal([api, stage, command, typeof port], ['rest', 'Prod', 'serve', 'number']);
        const answers = await Promise.all([fetch(`${url}/a`), fetch(`${url}/b`)]);
        const bodies = await Promise.all(answers.map(async res => (await res.json()) as Answer));
        assert.equal(
          bodies.map(({ path }) => path),
          ['/a', '/b'],
        );
      },
    );
    assert.is(code, 0);
  }));

test('who listens for the network is warned', () =>
  withProject(ECHO, async cwd => {
    await withServe(cwd, { host: '0.0.0.0' }, async ({ stderr }) => {
      while (!stderr().includes('Isolation')) await delay(2);
      assert.match(stderr(), 'Warning: others on the network can reach it');
    });
  }));

test('a port in use ends it with the reason, and nothing stays behind', () =>
  withProject(ECHO, async cwd => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const error = await rejects(
      withServe(cwd, { port }, async () => {}),
      'PORT_IN_USE',
    );
    server.close();
    assert.match(error.message, String(port));
  }));

const REFUSED: readonly (readonly [args: Parameters<typeof toGatewaySettings>[0], words: string])[] = [
  [{ streaming: true }, '--streaming needs --api url'],
  [{ streaming: true, api: 'rest' }, '--streaming needs --api url'],
  [{ stage: 'dev', api: 'url' }, '--stage has no meaning'],
  [{ stage: 'a/b' }, '--stage has to be letters'],
  [{ stage: '$default', api: 'rest' }, '--stage has to be letters'],
  [{ 'binary-media-types': ['image/*'] }, '--binary-media-types needs --api rest'],
  [
    { cors: ['*', 'example.com'] },
    '--cors has to be *, or an origin such as https://example.com, not example.com',
  ],
  [{ cors: ['https://a.example/path'] }, '--cors has to be'],
];
for (const [args, words] of REFUSED) {
  test(`${JSON.stringify(args)} is refused`, () => {
    assert.throws(
      () => toGatewaySettings(args),
      (error: Error) => error.message.includes(words),
    );
  });
}

test('each gateway has its defaults', () => {
  const common = { binaryMediaTypes: ['*/*'], streaming: false, cors: null };
  assert.equal(toGatewaySettings({}), { ...common, api: 'http', stage: '$default', timeoutMs: 30_000 });
  assert.equal(toGatewaySettings({ api: 'rest' }), {
    ...common,
    api: 'rest',
    stage: 'Prod',
    timeoutMs: 29_000,
  });
  assert.equal(toGatewaySettings({ api: 'url' }), {
    ...common,
    api: 'url',
    stage: '$default',
    timeoutMs: null,
  });
  assert.equal(toGatewaySettings({ stage: '$default', cors: ['https://*'] }).cors, ['https://*']);
});

test.run();
