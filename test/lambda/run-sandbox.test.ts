import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runSandbox } from '../../src/lambda/run-sandbox.ts';
import { invokeCode, invokeFiles, printed } from '../helpers/invoke.ts';
import { rejects } from '../helpers/rejects.ts';

const isLinux = process.platform === 'linux';

/** True while a process runs; one that is only waiting for somebody to ask for its exit code does not. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!isLinux) return true;
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ') Z');
  return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}

const STUBBORN = `setInterval(() => {}, 1000);`;

const FAILURES: readonly (readonly [title: string, code: string, type: string, says: RegExp | string])[] = [
  ['ends the process', `process.exit(3)`, 'Runtime.ExitError', 'Runtime exited with error: exit status 3'],
  [
    'ends the process politely',
    `process.exit(0)`,
    'Runtime.ExitError',
    'Runtime exited without providing a reason',
  ],
  [
    'kills itself',
    `process.kill(process.pid, 'SIGKILL'); ${STUBBORN} await new Promise(() => {})`,
    'Runtime.ExitError',
    'signal: SIGKILL',
  ],
  ['aborts', `process.abort()`, 'Runtime.ExitError', 'signal: SIGABRT'],
  [
    'waits for a promise that nothing settles',
    `await new Promise(() => {})`,
    'Runtime.ExitError',
    'without providing a reason',
  ],
  [
    'throws beside its promise',
    `setTimeout(() => { throw new RangeError('late'); }); ${STUBBORN} await new Promise(() => {})`,
    'RangeError',
    /^late$/,
  ],
  [
    'forgets a rejection',
    `Promise.reject(new RangeError('lost')); ${STUBBORN} await new Promise(() => {})`,
    'Runtime.UnhandledPromiseRejection',
    'RangeError: lost',
  ],
  [
    'forgets a rejection without words',
    `Promise.reject(Object.create(null)); ${STUBBORN} await new Promise(() => {})`,
    'Runtime.UnhandledPromiseRejection',
    'there was a problem while retrieving',
  ],
];

for (const [title, code, type, says] of FAILURES) {
  test(`a handler that ${title} is told apart`, async () => {
    const { answer, error } = await invokeCode(`export const handler = async () => { ${code}; };`);
    assert.is(answer, null);
    assert.is(error?.errorType, type, JSON.stringify(error));
    assert.match(error?.errorMessage ?? '', says);
  });
}

for (const [title, code] of [
  ['waits for ever', `export const handler = async () => { ${STUBBORN} await new Promise(() => {}); };`],
  ['never comes back', `export const handler = async () => { for (;;); };`],
  [
    'never finishes loading',
    `${STUBBORN} await new Promise(() => {}); export const handler = async () => 1;`,
  ],
] as const) {
  test(`a handler that ${title} is stopped`, async () => {
    const { answer, error } = await invokeCode(code, { timeoutMs: 1500 });
    assert.is(answer, null);
    assert.is(error?.errorType, 'Sandbox.Timedout');
    assert.match(
      error?.errorMessage ?? '',
      /^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.50 seconds$/,
    );
  });
}

test('a timeout beyond all timers is no timeout at once', async () => {
  const { answer } = await invokeCode(`export const handler = async () => 1;`, { timeoutMs: 2 ** 40 });
  assert.is(answer, 1);
});

test('what fails after the answer does not take it back', async () => {
  const { answer, error } = await invokeCode(
    `export const handler = async () => { setTimeout(() => Promise.reject(new Error('late')), 1); setImmediate(() => process.exit(4)); return 'first'; };`,
  );
  assert.is(error, null, JSON.stringify(error));
  assert.is(answer, 'first');
});

test('an answer that is there before the end of the process counts, however large', async () => {
  const code = `export const handler = async () => { process.once('beforeExit', () => process.exit(4)); return 'x'.repeat(6e6); };`;
  const { answer } = await invokeCode(code);
  assert.is((answer as string).length, 6e6);
});

test('all that is printed is told, before the report, and none of it is the answer', async () => {
  const { answer, log } = await invokeCode(`
    import { writeSync } from 'node:fs';
    export const handler = async () => {
      for (let line = 0; line < 100_000; line++) process.stdout.write('x'.repeat(99) + '\\n');
      process.stderr.write('on stderr\\n');
      console.log(JSON.stringify({ kind: 'answer', payload: '"forged"' }));
      writeSync(1, 'last words: ü\\n');
      return 'true';
    };`);
  assert.is(answer, 'true');
  assert.is(log.split('x'.repeat(99)).length - 1, 100_000);
  for (const part of ['on stderr\n', 'forged', 'last words: ü\n'])
    assert.ok(log.includes(part), `${part} in the log`);
  assert.match(
    log,
    /\nREPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tMemory Size: 1024 MB\tInit Duration: [\d.]+ ms\n$/,
  );
});

test('what is printed before a failure is told as well', async () => {
  const { log, error } = await invokeCode(`
    import { writeSync } from 'node:fs';
    writeSync(1, 'a'.repeat(60_000) + '\\nloading\\n');
    process.exit(1);`);
  assert.is(error?.errorType, 'Runtime.ExitError');
  assert.match(log, '\nloading\nREPORT ');
  assert.not.match(log, 'Init Duration');
});

test('the process looks like that of a function: no channel, no arguments, its folder', async () => {
  const { answer } = await invokeCode(`export const handler = async () => ({
    channel: [typeof process.send, typeof process.disconnect, typeof process.connected, typeof process.channel],
    here: process.cwd() === process.env.LAMBDA_TASK_ROOT,
    stdin: (await import('node:fs')).readFileSync(0, 'utf8'),
  });`);
  assert.equal(answer, { channel: Array(4).fill('undefined'), here: true, stdin: '' });
});

test('a handler that talks to its parent all the same fails as on Lambda, and one that asks first does not', async () => {
  const asks = `process.send?.({ kind: 'answer', payload: '1' }); process.disconnect?.(); return 'asked';`;
  assert.is((await invokeCode(`export const handler = async () => { ${asks} };`)).answer, 'asked');
  for (const name of ['send', 'disconnect']) {
    const { error } = await invokeCode(
      `export const handler = async () => process.${name}({ kind: 'ready' });`,
    );
    assert.is(error?.errorType, 'TypeError');
    assert.match(error?.errorMessage ?? '', `process.${name} is not a function`);
  }
});

test('rubbish in the pipe of the answer does no harm', async () => {
  const { answer } = await invokeCode(`
    import { writeSync } from 'node:fs';
    export const handler = async () => {
      for (const line of ['{', 'null', '12', '"x"', '']) { try { writeSync(3, line + '\\n'); } catch {} }
      return 'fine';
    };`);
  assert.is(answer, 'fine');
});

/** Starts a process that says its number, in the given way. */
const spawns = (options: string, then: string): string => `
  import { spawn } from 'node:child_process';
  export const handler = async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], ${options});
    console.log('child=' + child.pid);
    await new Promise(resolve => setTimeout(resolve, 50));
    ${then}
  };`;

const LEAVERS: readonly (readonly [title: string, options: string, then: string])[] = [
  ['a child', `{ stdio: 'ignore' }`, `return 1;`],
  ['a child that holds its output open', `{ stdio: 'inherit' }`, `return 1;`],
  ['a child after a failure', `{ stdio: 'ignore' }`, `throw new Error('x');`],
  ['a child after its own end', `{ stdio: 'inherit' }`, `process.exit(1);`],
  ...(isLinux
    ? ([
        ['a child of a session of its own', `{ stdio: 'inherit', detached: true }`, `return 1;`],
        [
          'a child without environment',
          `{ stdio: 'ignore', detached: true, env: {}, cwd: '/' }`,
          `return 1;`,
        ],
        ['an orphan of a session of its own', `{ stdio: 'ignore', detached: true }`, `process.exit(1);`],
      ] as const)
    : []),
];

for (const [title, options, then] of LEAVERS) {
  test(`a handler that leaves ${title} behind leaves nothing`, async () => {
    const { log } = await invokeCode(spawns(options, then));
    assert.is(await isRunning(Number(printed({ log }, 'child'))), false);
  });
}

test('a timeout ends the children too', async () => {
  const { log, error } = await invokeCode(spawns(`{ stdio: 'inherit' }`, `await new Promise(() => {});`), {
    timeoutMs: 1500,
  });
  assert.is(error?.errorType, 'Sandbox.Timedout');
  assert.is(await isRunning(Number(printed({ log }, 'child'))), false);
});

test('an interrupted invocation is CANCELLED, and leaves neither process nor folder', async () => {
  const stop = new AbortController();
  let log = '';
  const code = `console.log('root=' + process.env.LAMBDA_TASK_ROOT);
    ${spawns(`{ stdio: 'inherit' }`, `console.log('now'); ${STUBBORN} await new Promise(() => {});`)}`;
  const onLog = (text: string): void => {
    log += text;
    if (log.includes('now\n')) stop.abort();
  };
  await rejects(invokeCode(code, { signal: stop.signal, onLog }), 'CANCELLED');
  assert.is(existsSync(printed({ log }, 'root')), false);
  assert.is(await isRunning(Number(printed({ log }, 'child'))), false);
});

test('an invocation that is interrupted before it starts is CANCELLED', async () => {
  await rejects(invokeCode(`export const handler = 1;`, { signal: AbortSignal.abort() }), 'CANCELLED');
});

test('nothing stays behind: neither the code, nor what is written beside it, nor what is put into the temporary folder', async () => {
  const { answer } = await invokeFiles({
    'data.txt': 'own',
    'index.mjs': `
      import { writeFileSync, readFileSync, mkdirSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      import { join } from 'node:path';
      export const handler = async () => {
        const root = process.env.LAMBDA_TASK_ROOT;
        mkdirSync(join(root, 'made/deep'), { recursive: true, mode: 0o500 });
        writeFileSync(join(root, 'data.txt'), 'changed');
        writeFileSync(join(tmpdir(), 'left.txt'), 'x');
        return { root, tmp: tmpdir(), data: readFileSync(join(root, 'data.txt'), 'utf8') };
      };`,
  });
  const { root, tmp, data } = answer as { root: string; tmp: string; data: string };
  assert.is(data, 'changed');
  assert.not.equal(tmp, tmpdir());
  for (const path of [root, join(root, '..'), tmp]) assert.is(existsSync(path), false, path);
});

test('a Node.js that is not there is told', async () => {
  const taskRoot = await mkdtemp(join(tmpdir(), 'lambda-slim-'));
  try {
    const { outcome } = await runSandbox({
      node: join(taskRoot, 'absent', 'node'),
      flags: [],
      env: {},
      taskRoot,
      handler: 'index.handler',
      event: {},
      memoryMiB: 128,
      timeoutMs: 60_000,
      callbacks: false,
      signal: new AbortController().signal,
      onLog: () => {},
    });
    assert.is(outcome.kind === 'error' && outcome.error.errorType, 'Runtime.InvalidEntrypoint');
    assert.equal(await readdir(taskRoot), []);
  } finally {
    await rm(taskRoot, { recursive: true });
  }
});

test.run();
