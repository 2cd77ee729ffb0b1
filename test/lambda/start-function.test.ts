import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { FunctionError, Invocation } from '../../src/lambda/types.ts';
import {
  HOST_ARCH,
  invokeCode,
  invokeFiles,
  type LocalWishes,
  printed,
  readOutcome,
  withLocalFunction,
} from '../helpers/invoke.ts';
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
  [
    'ends the process',
    `process.exit(3)`,
    'Runtime.ExitError',
    / Error: Runtime exited with error: exit status 3$/,
  ],
  [
    'ends the process politely',
    `process.exit(0)`,
    'Runtime.ExitError',
    / Error: Runtime exited without providing a reason$/,
  ],
  [
    'kills itself',
    `process.kill(process.pid, 'SIGKILL'); ${STUBBORN} await new Promise(() => {})`,
    'Runtime.ExitError',
    / Error: Runtime exited with error: signal: killed$/,
  ],
  ['aborts', `process.abort()`, 'Runtime.ExitError', 'signal: aborted'],
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
  [
    'waits for a promise that nothing settles',
    `await new Promise(() => {})`,
    'Runtime.NodeJsExit',
    'a Promise that was never settled',
  ],
  [
    'closes all files',
    `const { closeSync } = await import('node:fs'); for (let fd = 0; fd < 64; fd++) { try { closeSync(fd); } catch {} }`,
    'Runtime.ExitError',
    'Runtime exited',
  ],
];

test('a handler that ends its process in one way or another is told apart, and the next event finds a new one', () => {
  const cases = FAILURES.map(([, code], at) => `case ${at}: ${code}; break;`).join('\n');
  const code = `let calls = 0; export const handler = async event => { calls++; switch (event) { ${cases} } return calls; };`;
  return withLocalFunction({ 'index.mjs': code }, { timeoutMs: 5000 }, async ({ fn, log }) => {
    for (const [at, [title, , errorType, says]] of FAILURES.entries()) {
      const failed = await fn.invoke(String(at));
      const { error } = readOutcome(failed.outcome);
      assert.is(error?.errorType, errorType, `${title}: ${JSON.stringify(error)}`);
      assert.match(error?.errorMessage ?? '', says);
      if (errorType === 'Runtime.ExitError') {
        assert.ok(error?.errorMessage.startsWith(`RequestId: ${failed.report.requestId} Error: `));
        assert.match(
          log(),
          `${error?.errorMessage}\nRuntime.ExitError\nEND RequestId: ${failed.report.requestId}\n`,
        );
      }
      const next = await fn.invoke('"fine"');
      const goesOn = errorType === 'Runtime.NodeJsExit';
      assert.equal(
        [readOutcome(next.outcome).answer, next.report.initMs === null],
        goesOn ? [2, true] : [1, false],
        title,
      );
      await fn.reset();
    }
  });
});

for (const [title, code] of [
  ['waits for ever', `${STUBBORN} await new Promise(() => {});`],
  ['never comes back', `for (;;);`],
] as const) {
  test(`a handler that ${title} is stopped, and the next event finds a new sandbox`, () =>
    withLocalFunction(
      { 'index.mjs': `export const handler = async event => { if (event === 1) return 1; ${code} };` },
      { timeoutMs: 1500 },
      async ({ fn, log }) => {
        const { outcome, report } = await fn.invoke('{}');
        assert.equal(readOutcome(outcome).error, {
          errorType: 'Sandbox.Timedout',
          errorMessage: `RequestId: ${report.requestId} Error: Task timed out after 1.50 seconds`,
        });
        assert.equal([report.status, report.durationMs], ['timeout', 1500]);
        assert.match(
          log(),
          new RegExp(`^\\S+Z ${report.requestId} Task timed out after 1\\.50 seconds$`, 'm'),
        );
        const next = await fn.invoke('1');
        assert.is(readOutcome(next.outcome).answer, 1);
        assert.type(next.report.initMs, 'number');
      },
    ));
}

test('an init that takes too long is begun anew at the cost of the invocation, and an INIT_REPORT says so', async () => {
  const first = `
    import { existsSync, writeFileSync } from 'node:fs';
    const mark = process.env.MARK;
    if (!existsSync(mark)) { writeFileSync(mark, ''); ${STUBBORN} await new Promise(() => {}); }
    export const handler = async () => 'second';`;
  await withLocalFunction({}, {}, async ({ dir }) => {
    const environment = { MARK: join(dir, 'mark') };
    const { answer, invocation, log } = await invokeCode(first, { environment, initLimitMs: 1000 });
    assert.is(answer, 'second');
    assert.is(invocation.report.initMs, null);
    assert.match(log, /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout\nSTART /, log);
  });
  const never = `${STUBBORN} await new Promise(() => {}); export const handler = async () => 1;`;
  const { error, invocation } = await invokeCode(never, { initLimitMs: 300, timeoutMs: 500 });
  assert.is(error?.errorType, 'Sandbox.Timedout');
  assert.match(error?.errorMessage ?? '', 'Task timed out after 0.50 seconds');
  assert.is(invocation.report.status, 'timeout');
});

test('init alone tells how it failed, or makes the next event a cold start that is done', () =>
  withLocalFunction(
    { 'index.mjs': `console.log('loaded'); export const handler = async () => 1;` },
    {},
    async ({ fn, log }) => {
      assert.is(await fn.init(), null);
      assert.is(await fn.init(), null, 'it has started already');
      assert.is(log(), 'loaded\n');
      const first = await fn.invoke('{}');
      assert.equal([typeof first.report.initMs, first.logs], ['number', '']);
      assert.is((await fn.invoke('{}')).report.initMs, null);
    },
  ));

const INIT_FAILURES: readonly (readonly [title: string, code: string, type: string, says: string])[] = [
  ['throws', `throw new RangeError('at load');`, 'RangeError', 'at load'],
  [
    'rejects',
    `Promise.reject(new RangeError('aside')); await new Promise(() => {});`,
    'Runtime.UnhandledPromiseRejection',
    'aside',
  ],
  ['exits', `process.exit(7);`, 'Runtime.ExitError', 'exit status 7'],
];

for (const [title, code, type, says] of INIT_FAILURES) {
  test(`an init that ${title} fails init and every event, each anew`, () =>
    withLocalFunction({ 'index.mjs': code }, {}, async ({ fn, log }) => {
      const check = (error: FunctionError | null): void => {
        assert.is(error?.errorType, type, JSON.stringify(error));
        assert.match(error?.errorMessage ?? '', says);
      };
      check(await fn.init());
      for (const _ of [1, 2]) {
        const { outcome, report } = await fn.invoke('{}');
        check(readOutcome(outcome).error);
        assert.equal([report.status, report.initMs], ['error', null]);
      }
      assert.is(
        log().match(new RegExp(`^INIT_REPORT .*\tStatus: error\tError Type: ${type}$`, 'gm'))?.length,
        3,
      );
    }));
}

if (isLinux) {
  test('a function that takes more memory than it has is ended as on Lambda', () =>
    withLocalFunction(
      {
        'index.mjs': `export const handler = async event => {
          const all = [];
          for (let mib = 0; mib < event; mib += 16) {
            all.push(Buffer.alloc(16 * 2 ** 20, 1));
            await new Promise(resolve => setTimeout(resolve, 5));
          }
          return all.length;
        };`,
      },
      { memoryMiB: 192 },
      async ({ fn }) => {
        const { outcome, report } = await fn.invoke('600');
        const { error } = readOutcome(outcome);
        assert.equal(error, {
          errorType: 'Runtime.OutOfMemory',
          errorMessage: `RequestId: ${report.requestId} Error: Runtime exited with error: signal: killed`,
        });
        assert.is(readOutcome((await fn.invoke('16')).outcome).answer, 1);
      },
    ));
}

test('a timeout beyond all timers is no timeout at once', async () => {
  const { answer } = await invokeCode(`export const handler = async () => 1;`, { timeoutMs: 2 ** 40 });
  assert.is(answer, 1);
});

test('what a handler throws is logged as on Lambda, with time, id, level and stack', async () => {
  for (const code of [
    `export const handler = async () => { throw new RangeError('too far'); };`,
    `export const handler = awslambda.streamifyResponse(async () => { throw new RangeError('too far'); });`,
  ]) {
    const { invocation, log } = await invokeCode(code);
    const [, id, facts] =
      /^[\d-]+T[\d:.]+Z\t(.*)\tERROR\tInvoke Error \t(\{.*\})$/m.exec(invocation.logs) ?? [];
    assert.is(id, invocation.report.requestId, log);
    const { errorType, errorMessage, stack } = JSON.parse(facts ?? '{}');
    assert.equal([errorType, errorMessage, stack[0]], ['RangeError', 'too far', 'RangeError: too far']);
  }
});

test('what fails after the answer does not take it back, is logged, and the next event finds a new sandbox', () =>
  withLocalFunction(
    {
      'index.mjs': `export const handler = async event => {
        if (event === 'reject') setTimeout(() => Promise.reject(new Error('late')), 20);
        if (event === 'exit') setImmediate(() => process.exit(4));
        return event;
      };`,
    },
    {},
    async ({ fn, log }) => {
      for (const event of ['reject', 'exit', 'fine']) {
        const { outcome, report } = await fn.invoke(JSON.stringify(event));
        assert.equal(readOutcome(outcome), { answer: event, error: null });
        assert.type(report.initMs, 'number', 'a cold start');
        await delay(300);
      }
      assert.match(log(), 'Unhandled Promise Rejection');
      assert.match(log(), 'Runtime exited with error: exit status 128\nRuntime.ExitError\n');
      assert.match(log(), 'Runtime exited with error: exit status 4\nRuntime.ExitError\n');
    },
  ));

test('an answer that is there before the end of the process counts, however large', async () => {
  const code = `export const handler = async () => { setTimeout(() => process.exit(4), 100); return 'x'.repeat(6e6); };`;
  const { answer } = await invokeCode(code);
  assert.is((answer as string).length, 6e6);
});

test('all that is printed is told, before the report, and none of it is the answer', async () => {
  const { answer, log, invocation } = await invokeCode(`
    import { writeSync } from 'node:fs';
    console.log('in init');
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
  const id = invocation.report.requestId;
  assert.ok(log.startsWith(`in init\nSTART RequestId: ${id} Version: $LATEST\n`));
  assert.match(
    log.slice(-400),
    /\nEND RequestId: [0-9a-f-]{36}\nREPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 1024 MB\t(Max Memory Used: \d+ MB\t)?Init Duration: [\d.]+ ms\t\n$/,
  );
  assert.match(invocation.logs, '[cut: only the first 1048576 characters are kept]');
  assert.ok(invocation.logs.length < 1_200_000);
});

test('an answer arrives while a child floods the output', () =>
  withLocalFunction(
    {
      'index.mjs': `
        import { spawn } from 'node:child_process';
        spawn('yes', ['x'.repeat(1000)], { stdio: 'inherit' });
        export const handler = async event => event;`,
    },
    { onLog: () => {} },
    async ({ fn }) => {
      for (const event of [1, 2, 3]) {
        const { outcome, logs } = await fn.invoke(String(event));
        assert.is(readOutcome(outcome).answer, event);
        assert.ok(logs.length < 1_200_000);
      }
    },
  ));

test('what one event printed is not told with another', () =>
  withLocalFunction(
    { 'index.mjs': `export const handler = async event => console.log(event);` },
    {},
    async ({ fn }) => {
      for (const event of ['one', 'two'])
        assert.is((await fn.invoke(JSON.stringify(event))).logs, `${event}\n`);
    },
  ));

test('the process looks like that of a function: no channel, no arguments, its folder', async () => {
  const { answer } = await invokeCode(`export const handler = async () => ({
    channel: [typeof process.send, typeof process.disconnect, typeof process.connected, typeof process.channel],
    here: process.cwd() === process.env.LAMBDA_TASK_ROOT,
    args: process.argv.length,
    stdin: (await import('node:fs')).readFileSync(0, 'utf8'),
  });`);
  assert.equal(answer, { channel: Array(4).fill('undefined'), here: true, args: 2, stdin: '' });
});

test('a function that tampers with what it finds answers all the same', () =>
  withLocalFunction(
    {
      'index.mjs': `
        import http from 'node:http';
        http.request = () => { throw new Error('patched'); };
        for (const name of ['Buffer', 'process', 'setTimeout', 'setImmediate', 'URL', 'console']) delete globalThis[name];
        JSON.stringify = () => { throw new Error('patched'); };
        JSON.parse = () => { throw new Error('patched'); };
        export const handler = async event => { if (event === 'throw') throw new RangeError('x'); return { event }; };`,
    },
    {},
    async ({ fn }) => {
      assert.equal(readOutcome((await fn.invoke('"a"')).outcome).answer, { event: 'a' });
      assert.is(readOutcome((await fn.invoke('"throw"')).outcome).error?.errorType, 'RangeError');
    },
  ));

/** Starts a process that says its number, in the given way. */
const spawns = (options: string, then: string): string => `
  import { spawn } from 'node:child_process';
  export const handler = async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], ${options});
    child.unref();
    console.log('child=' + child.pid);
    await new Promise(resolve => setTimeout(resolve, 50));
    ${then}
  };`;

const LEAVERS: readonly (readonly [title: string, options: string, then: string])[] = [
  ['a child that holds its output open', `{ stdio: 'inherit' }`, `return 1;`],
  ['a child after a failure', `{ stdio: 'ignore' }`, `throw new Error('x');`],
  ['a child after its own end', `{ stdio: 'inherit' }`, `process.exit(1);`],
  ...(isLinux
    ? ([
        ['a child of a session of its own', `{ stdio: 'inherit', detached: true }`, `return 1;`],
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

test('a child outlives an event, and not a timeout', () => {
  const code = spawns(
    `{ stdio: 'inherit' }`,
    `if (event === 1) return 1; ${STUBBORN} await new Promise(() => {});`,
  );
  const files = { 'index.mjs': code.replace('async () =>', 'async event =>') };
  return withLocalFunction(files, { timeoutMs: 1500 }, async ({ fn, log }) => {
    await fn.invoke('1');
    const child = Number(printed({ log: log() }, 'child'));
    assert.is(await isRunning(child), true, 'as in a sandbox that is kept');
    assert.is((await fn.invoke('2')).report.status, 'timeout');
    assert.is(await isRunning(child), false);
  });
});

test('reset ends the sandbox, and the next one begins with an empty folder for temporary files', () =>
  withLocalFunction(
    {
      'index.mjs': `
        import { readdirSync, writeFileSync } from 'node:fs';
        import { tmpdir } from 'node:os';
        export const handler = async () => { const found = readdirSync(tmpdir()); writeFileSync(tmpdir() + '/left', ''); return found; };`,
    },
    {},
    async ({ fn }) => {
      const answers: unknown[] = [];
      for (const again of [false, false, true]) {
        if (again) await fn.reset();
        answers.push(readOutcome((await fn.invoke('{}')).outcome).answer);
      }
      assert.equal(answers, [[], ['left'], []]);
    },
  ));

test('events that come at the same time are served one after the other', () =>
  withLocalFunction(
    {
      'index.mjs': `let running = 0; export const handler = async event => {
        running++; await new Promise(resolve => setTimeout(resolve, 20)); return [event, running--];
      };`,
    },
    {},
    async ({ fn }) => {
      const all = await Promise.all([1, 2, 3].map(event => fn.invoke(String(event))));
      assert.equal(
        all.map(({ outcome }: Invocation) => readOutcome(outcome).answer),
        [
          [1, 1],
          [2, 1],
          [3, 1],
        ],
      );
    },
  ));

test('an event that is no JSON or too large is refused, and the function is none the worse', () =>
  withLocalFunction(
    { 'index.mjs': `export const handler = async event => event.length;` },
    {},
    async ({ fn }) => {
      for (const event of ['', '{', 'undefined', Buffer.from([0x22, 0xff, 0x22]), '\ufeff"x"'])
        await rejects(fn.invoke(event), 'EVENT_INVALID');
      const limit = 6 * 1024 * 1024;
      await rejects(fn.invoke(JSON.stringify('x'.repeat(limit - 1))), 'PAYLOAD_TOO_LARGE');
      const { outcome } = await fn.invoke(JSON.stringify('x'.repeat(limit - 2)));
      assert.is(readOutcome(outcome).answer, limit - 2);
    },
  ));

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

test('an invocation, an init and a start that are interrupted are CANCELLED', async () => {
  await rejects(invokeCode(`export const handler = 1;`, { signal: AbortSignal.abort() }), 'CANCELLED');
  const code = `${STUBBORN} console.log('now'); if (process.env.WAIT) await new Promise(() => {}); export const handler = async event => { console.log('go'); if (event) await new Promise(() => {}); return 1; };`;
  for (const [WAIT, word] of [
    ['1', 'now'],
    ['', 'go'],
  ] as const) {
    const stop = new AbortController();
    const onLog = (text: string): void => void (text.includes(word) && stop.abort());
    await withLocalFunction({ 'index.mjs': code }, { environment: { WAIT }, onLog }, async ({ fn }) => {
      await rejects(fn.invoke('1', { signal: stop.signal }), 'CANCELLED');
      if (WAIT === '') assert.is(readOutcome((await fn.invoke('0')).outcome).answer, 1, 'of this one only');
    });
  }
});

test('a function that was stopped is CANCELLED, also in the middle, and may be stopped twice', () =>
  withLocalFunction(
    { 'index.mjs': `${STUBBORN} export const handler = () => new Promise(() => {});` },
    {},
    async ({ fn }) => {
      const running = rejects(fn.invoke('1'), 'CANCELLED');
      await delay(300);
      await Promise.all([fn.stop(), fn.stop()]);
      await running;
      await rejects(fn.invoke('1'), 'CANCELLED');
      assert.equal(await fn.loaded(), []);
    },
  ));

test('nothing stays behind: neither the code, nor what is put into the temporary folder', async () => {
  const { answer } = await invokeFiles({
    'data.txt': 'own',
    'index.mjs': `
      import { writeFileSync, readFileSync } from 'node:fs';
      import { tmpdir } from 'node:os';
      import { join } from 'node:path';
      export const handler = async () => {
        const root = process.env.LAMBDA_TASK_ROOT;
        writeFileSync(join(tmpdir(), 'left.txt'), 'x');
        return { root, tmp: tmpdir(), data: readFileSync(join(root, 'data.txt'), 'utf8') };
      };`,
  });
  const { root, tmp, data } = answer as { root: string; tmp: string; data: string };
  assert.is(data, 'own');
  assert.not.equal(tmp, tmpdir());
  for (const path of [root, join(root, '..'), tmp]) assert.is(existsSync(path), false, path);
});

test('what cannot be run here is refused before it runs', async () => {
  const code = `export const handler = async () => 1;`;
  const other = HOST_ARCH === 'arm64' ? 'x64' : 'arm64';
  const refused: readonly (readonly [LocalWishes, Parameters<typeof rejects>[1]])[] = [
    [{ arch: other }, 'ARCH_CANNOT_RUN'],
    [{ environment: { AWS_REGION: 'x' } }, 'ENV_RESERVED'],
  ];
  for (const [wishes, errorCode] of refused) await rejects(invokeCode(code, wishes), errorCode);
});

test('a function says what it runs on and what it loaded', () =>
  withLocalFunction({ 'index.mjs': `export const handler = async () => 1;` }, {}, async ({ fn, dir }) => {
    assert.equal(await fn.loaded(), []);
    await fn.invoke('1');
    assert.is(fn.isolation.kind, 'process');
    assert.match(fn.isolation.interpreter, /^Node\.js \d+\.\d+\.\d+$/);
    if (isLinux) assert.ok((await fn.loaded()).some(path => path.endsWith('/node')));
    assert.ok((await readdir(dir)).includes('task'));
  }));

test.run();
