import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { readBody, send, withServer } from '../helpers/http-stub.ts';
import { withProject } from '../helpers/project.ts';

const run = promisify(execFile);

interface Step {
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

test('action.yml gives inputs to scripts through variables only, and each variable is one that the script reads', async () => {
  const action = parse(await readFile('action.yml', 'utf8'));
  const steps: readonly Step[] = action.runs.steps;
  assert.equal([action.runs.using, steps.length], ['composite', 3]);
  for (const step of steps) assert.not.match(step.run, /\$\{\{/);
  const script = await readFile('src/action/check.sh', 'utf8');
  const used = Object.keys(steps[0]?.env ?? {});
  for (const name of used) {
    const isNamed =
      script.includes(name) || / in [A-Z ]*;/.exec(script)?.[0].includes(name.replace('INPUT_', ''));
    assert.ok(isNamed, name);
  }
  const inputs = [...(await readFile('action.yml', 'utf8')).matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g)];
  for (const [, name = ''] of inputs) assert.ok(name in action.inputs, name);
});

/** A `lambda-slim` that writes its arguments down and ends as it is told. */
const FAKE = `#!/usr/bin/env node
const fs = require('node:fs');
fs.appendFileSync(process.env.CALLS, JSON.stringify(process.argv.slice(2)) + '\\n');
console.log(process.argv.at(-1));
process.exit(Number(process.env.FAKE_CODE ?? 0));
`;

async function check(
  inputs: Readonly<Record<string, string>>,
  fakeCode = 0,
): Promise<{ calls: string[][]; outputs: string; stdout: string; comment: string; files: string[] }> {
  return withProject({ fake: FAKE }, async cwd => {
    await chmod(join(cwd, 'fake'), 0o755);
    const env = {
      PATH: process.env.PATH,
      ...{ LAMBDA_SLIM_COMMAND: join(cwd, 'fake'), CALLS: join(cwd, 'calls'), FAKE_CODE: String(fakeCode) },
      ...{ GITHUB_OUTPUT: join(cwd, 'outputs'), RUNNER_TEMP: cwd },
      ...inputs,
    };
    const { stdout } = await run('bash', [resolve('src/action/check.sh')], { cwd, env });
    const outputs = await readFile(join(cwd, 'outputs'), 'utf8');
    const file = /^comment-file=(.*)$/m.exec(outputs)?.[1] ?? '';
    return {
      calls: (await readFile(join(cwd, 'calls'), 'utf8'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
      outputs,
      stdout,
      comment: await readFile(file, 'utf8'),
      files: await readdir(cwd),
    };
  });
}

test('the script gives each input as one argument, whatever is in it, and runs nothing of it', async () => {
  const hostile = '$(touch pwned) `touch pwned`; touch pwned "\'';
  const inputs = {
    INPUT_ARTIFACT: '-x.zip',
    INPUT_BASELINE: hostile,
    INPUT_LAYERS: `a b.zip\n\n${hostile}\n`,
  };
  const { calls, files, stdout } = await check({
    ...inputs,
    INPUT_RUNTIME: 'nodejs22.x',
    INPUT_SARIF: 'out.sarif',
  });
  const args = [
    'check',
    './-x.zip',
    '--runtime=nodejs22.x',
    `--baseline=${hostile}`,
    '--layer=a b.zip',
    `--layer=${hostile}`,
  ];
  assert.equal(
    calls,
    ['github', 'markdown', 'sarif'].map(format => [...args, `--format=${format}`]),
  );
  assert.not(files.includes('pwned'));
  assert.ok(files.includes('out.sarif'));
  assert.is(stdout, '--format=github\n');
});

test('the script tells the exit code instead of ending with it, and the comment is there either way', async () => {
  for (const code of [0, 1, 2]) {
    const { calls, outputs, comment } = await check({}, code);
    assert.equal(calls, [
      ['check', '--format=github'],
      ['check', '--format=markdown'],
    ]);
    assert.match(outputs, `exit-code=${code}\n`);
    assert.is(comment, '--format=markdown\n');
  }
});

interface Comment {
  readonly id: number;
  readonly body: string;
}

/** GitHub's comments of pull request 7, a hundred a page at most. */
async function withGithub(
  comments: Comment[],
  options: {
    readonly status?: number;
    readonly event?: object;
    readonly key?: string;
    readonly busy?: number;
  },
): Promise<{ stdout: string; calls: readonly string[] }> {
  const calls: string[] = [];
  let busy = options.busy ?? 0;
  return withServer(
    async (request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      const body = JSON.parse((await readBody(request)).toString() || '{}');
      calls.push(`${request.method} ${url.pathname}`);
      assert.is(request.headers.authorization, 'Bearer t0ken');
      if (busy-- > 0) return send(response, 502, {});
      if (options.status && request.method !== 'GET') return send(response, options.status, {});
      if (request.method === 'POST') comments.push({ id: 1000, body: body.body });
      if (request.method === 'PATCH') {
        const id = Number(url.pathname.split('/').at(-1));
        comments.splice(
          0,
          comments.length,
          ...comments.map(each => (each.id === id ? { id, body: body.body } : each)),
        );
      }
      const page = Number(url.searchParams.get('page') ?? 1);
      send(response, 200, request.method === 'GET' ? comments.slice(100 * (page - 1), 100 * page) : {});
    },
    port =>
      withProject({ 'c.md': '<!-- lambda-slim -->\n### new text\n' }, async cwd => {
        await writeFile(
          join(cwd, 'event.json'),
          JSON.stringify(options.event ?? { pull_request: { number: 7 } }),
        );
        const env = {
          ...{ GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_REPOSITORY: 'o/r', GITHUB_TOKEN: 't0ken' },
          ...{ GITHUB_EVENT_PATH: join(cwd, 'event.json'), COMMENT_FILE: join(cwd, 'c.md') },
          ...(options.key === undefined ? {} : { COMMENT_KEY: options.key }),
        };
        const { stdout } = await run(process.execPath, [resolve('src/action/comment.mjs')], { cwd, env });
        return { stdout, calls };
      }),
  );
}

const others = (count: number): Comment[] =>
  Array.from({ length: count }, (_, id) => ({ id, body: `talk ${id}` }));

test('the first run comments, the next brings that comment up to date, also on a later page', async () => {
  const comments = others(150);
  const first = await withGithub(comments, {});
  assert.match(first.stdout, 'Commented.');
  assert.equal(comments.at(-1), { id: 1000, body: '<!-- lambda-slim -->\n### new text\n' });
  comments[150] = { id: 1000, body: '<!-- lambda-slim -->\r\nold text' };
  const second = await withGithub(comments, {});
  assert.equal(second.calls.at(-1), 'PATCH /repos/o/r/issues/comments/1000');
  assert.equal([comments.length, comments[150]?.body], [151, '<!-- lambda-slim -->\n### new text\n']);
});

test('checks with a key have comments of their own', async () => {
  const comments = [{ id: 1, body: '<!-- lambda-slim -->\nof another check' }];
  await withGithub(comments, { key: 'api -->' });
  assert.equal(
    comments.map(({ body }) => body.split('\n')[0]),
    ['<!-- lambda-slim -->', '<!-- lambda-slim api - -->'],
  );
  await withGithub(comments, { key: 'api -->' });
  assert.is(comments.length, 2);
});

test('without a right to comment there is a warning, and without a pull request nothing is asked', async () => {
  const refused = await withGithub([], { status: 403 });
  assert.match(refused.stdout, /^::warning .*GitHub answered 403\. The job needs "permissions/);
  assert.is(refused.calls.length, 2);
  const pushed = await withGithub([], { event: { ref: 'refs/heads/main' } });
  assert.equal(pushed.calls, []);
  assert.match(pushed.stdout, 'belongs to no pull request');
});

test('a GitHub that is out of breath is asked again', async () => {
  const comments: Comment[] = [];
  const { calls } = await withGithub(comments, { busy: 1 });
  assert.equal([calls.length, comments.length], [3, 1]);
});

test.run();
