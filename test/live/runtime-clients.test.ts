import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChosenInterpreter } from '../../src/lambda/choose-interpreter.ts';
import { installNode } from '../../src/lambda/find-node.ts';
import { findPython } from '../../src/lambda/find-python.ts';
import { openRunner } from '../../src/lambda/function-runner.ts';
import { openLogBook } from '../../src/lambda/log-book.ts';
import { openSettings } from '../../src/lambda/open-settings.ts';
import { openSandboxHost } from '../../src/lambda/sandbox/open-sandbox-host.ts';
import type { FunctionError, LocalFunction } from '../../src/lambda/types.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { HOST_ARCH, readOutcome } from '../helpers/invoke.ts';
import { type Files, writeFiles } from '../helpers/project.ts';

const NODE_CLIENT = 'aws-lambda-ric@4.0.2';
const PYTHON_CLIENT = 'awslambdaric==4.0.1';
const LIMIT = 6_291_556;
const signal = new AbortController().signal;

type Client = Pick<ChosenInterpreter, 'interpreter' | 'runtime' | 'args'>;
type Fn = Pick<LocalFunction, 'invoke'>;

/** Runs a function by a foreign runtime client against our Runtime API. */
async function withClient(
  client: Client,
  { runtime, handler, files }: { readonly runtime: string; readonly handler: string; readonly files: Files },
  use: (fn: Fn, log: () => string) => Promise<void>,
): Promise<void> {
  await withTempDir(async dir => {
    const [artifact, workDir] = [join(dir, 'code'), join(dir, 'work')];
    await mkdir(workDir);
    await writeFiles(artifact, files);
    const request = { artifact, runtime, handler, timeoutMs: 20_000 };
    const settings = await openSettings(request, { workDir: dir, signal, onNote: () => {} });
    let log = '';
    const onLog = (text: string): void => {
      log += text;
    };
    const logs = openLogBook(onLog);
    const options = { isolation: 'none', workDir, cacheDir: null, hostEnv: {}, signal, onLog } as const;
    const spec = { ...settings, ...client, visible: [], workDir, onLog: logs.add };
    const host = await openSandboxHost(spec, 'none', signal);
    const chosen = { ...client, title: 'foreign', exact: true };
    const fn = openRunner({ settings, options, chosen, host, logs, initLimitMs: 10_000 });
    try {
      await use(fn, () => log);
    } finally {
      await fn.stop();
    }
  });
}

async function ask(fn: Fn, event: unknown, clientContext?: string): Promise<unknown> {
  const { outcome } = await fn.invoke(JSON.stringify(event), clientContext ? { clientContext } : {});
  const { answer, error } = readOutcome(outcome);
  return error ?? answer;
}

/** What both clients do alike with a handler that answers, throws, answers too much, and ends its process. */
async function checkLife(fn: Fn, thrown: string): Promise<void> {
  const { event, id, left, custom } = (await ask(fn, ['ü', 1], '{"custom":{"k":"ü"}}')) as Record<
    string,
    unknown
  >;
  assert.equal([event, custom], [['ü', 1], { k: 'ü' }]);
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  assert.ok(Number(left) > 0 && Number(left) <= 20_000, `${left}`);
  const error = (await ask(fn, 'throw')) as FunctionError;
  assert.equal([error.errorType, error.errorMessage], [thrown, 'bad']);
  assert.ok((error.stackTrace?.length ?? 0) > 0);
  assert.is(((await ask(fn, { bytes: LIMIT })) as string).length, LIMIT - 2);
  const large = (await ask(fn, { bytes: LIMIT + 1 })) as FunctionError;
  assert.is(large.errorType, 'Function.ResponseSizeTooLarge');
  const gone = (await ask(fn, 'exit')) as FunctionError;
  assert.is(gone.errorType, 'Runtime.ExitError');
  assert.match(gone.errorMessage, 'Runtime exited with error: exit status 3');
  assert.is(((await ask(fn, 'again')) as { event: string }).event, 'again');
}

async function checkInitError(client: Client, facts: { runtime: string; files: Files }): Promise<void> {
  await withClient(client, { ...facts, handler: 'absent.handler' }, async (fn, log) => {
    assert.is(((await ask(fn, 1)) as FunctionError).errorType, 'Runtime.ImportModuleError');
    assert.match(log(), 'Status: error\tError Type: Runtime.ImportModuleError\n');
  });
}

const NODE_FILES = {
  'index.mjs': `
    export const handler = async (event, context) => {
      if (event === 'throw') throw new RangeError('bad');
      if (event === 'exit') process.exit(3);
      if (event.bytes) return 'x'.repeat(event.bytes - 2);
      return { event, id: context.awsRequestId, left: context.getRemainingTimeInMillis(), custom: context.clientContext?.custom };
    };
    export const stream = awslambda.streamifyResponse(async (event, stream) => {
      const out = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
      out.write('one');
      await new Promise(resolve => setTimeout(resolve, 30));
      if (event === 'throw') throw new RangeError('half');
      out.write('two');
      out.end();
    });`,
};

if (process.platform === 'linux') {
  test(`the official Node.js client runs a function: ${NODE_CLIENT}`, () =>
    withTempDir(async dir => {
      const node = await installNode(findNodeVersion('22'), HOST_ARCH, { dir: join(dir, 'cache'), signal });
      const reason = await tryInstall(
        'npm',
        ['install', '--prefix', dir, '--no-audit', '--no-fund', NODE_CLIENT],
        {
          cwd: dir,
          // Its own part is compiled, for this Node.js.
          env: { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` },
        },
      );
      if (reason !== null) return console.log(`Not run: ${NODE_CLIENT} cannot be installed here: ${reason}`);
      const client: Client = {
        interpreter: { file: node, folders: [] },
        runtime: join(dir, 'node_modules', 'aws-lambda-ric'),
        args: places => [join(places.runtime, 'index.mjs')],
      };
      const facts = { runtime: 'nodejs22.x', files: NODE_FILES };
      await withClient(client, { ...facts, handler: 'index.handler' }, fn => checkLife(fn, 'RangeError'));
      await withClient(client, { ...facts, handler: 'index.stream' }, checkStream);
      await checkInitError(client, facts);
    }));
}

async function checkStream(fn: Fn): Promise<void> {
  for (const event of ['fine', 'throw', 'fine']) {
    const parts: string[] = [];
    const onChunk = (chunk: Uint8Array): void => void parts.push(Buffer.from(chunk).toString());
    const { outcome } = await fn.invoke(JSON.stringify(event), { onChunk });
    const whole = `{"statusCode":201}${'\0'.repeat(8)}one${event === 'fine' ? 'two' : ''}`;
    assert.is(outcome.kind, 'stream');
    if (outcome.kind !== 'stream') continue;
    assert.equal([Buffer.from(outcome.body).toString(), parts.join('')], [whole, whole]);
    assert.is(outcome.contentType, 'application/vnd.awslambda.http-integration-response');
    assert.is(outcome.error?.errorType, event === 'fine' ? undefined : 'RangeError');
  }
}

const PYTHON_FILES = {
  'app.py': `
import sys
def handler(event, context):
    if event == "throw": raise ValueError("bad")
    if event == "exit": sys.exit(3)
    if isinstance(event, dict): return "x" * (event["bytes"] - 2)
    custom = context.client_context.custom if context.client_context else None
    return {"event": event, "id": context.aws_request_id, "left": context.get_remaining_time_in_millis(), "custom": custom}
`,
};

for (const version of ['3.10', '3.11', '3.12', '3.13']) {
  test(`the official Python client runs a function on Python ${version}: ${PYTHON_CLIENT}`, () =>
    withTempDir(async dir => {
      const python = await findPython(version, { cwd: dir, signal });
      if (python === null) return console.log(`Not run: there is no Python ${version} here`);
      const args = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--target',
        dir,
        PYTHON_CLIENT,
      ];
      const reason = await tryInstall(python, args, { cwd: dir });
      if (reason !== null)
        return console.log(`Not run: ${PYTHON_CLIENT} cannot be installed here: ${reason}`);
      const client: Client = {
        interpreter: { file: python, folders: [] },
        runtime: dir,
        args: () => ['-m', 'awslambdaric', 'app.handler'],
      };
      const facts = { runtime: `python${version}`, files: PYTHON_FILES };
      await withClient(client, { ...facts, handler: 'app.handler' }, fn => checkLife(fn, 'ValueError'));
      const absent: Client = { ...client, args: () => ['-m', 'awslambdaric', 'absent.handler'] };
      await checkInitError(absent, facts);
    }));
}

/** Null where it worked, else why not. */
async function tryInstall(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string | undefined>> },
): Promise<string | null> {
  try {
    await exec(file, args, { ...options, signal });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.run();
