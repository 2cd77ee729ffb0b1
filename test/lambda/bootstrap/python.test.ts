import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findPython } from '../../../src/lambda/find-python.ts';
import type { FunctionError, LocalFunction } from '../../../src/lambda/types.ts';
import { findRuntime, runtimes } from '../../../src/platform/runtimes.ts';
import { withTempDir } from '../../../src/util/fs.ts';
import { invokeFiles, type LocalWishes, readOutcome, withLocalFunction } from '../../helpers/invoke.ts';
import { type Files, writeFiles } from '../../helpers/project.ts';
import { rejects } from '../../helpers/rejects.ts';

const signal = new AbortController().signal;
const installed: string[] = [];
for (const { id, language, version } of runtimes)
  if (language === 'python' && (await findPython(version, { cwd: process.cwd(), signal })))
    installed.push(id);
const missing = runtimes.find(({ id, language }) => language === 'python' && !installed.includes(id));
/** One is enough for what does not differ. */
const [python = ''] = installed;

const HANDLER = 'lambda_function.lambda_handler';

function withPython<T>(
  code: string,
  wishes: LocalWishes,
  use: (fn: LocalFunction, log: () => string) => Promise<T>,
) {
  const files = { 'lambda_function.py': code };
  return withLocalFunction(files, { runtime: python, ...wishes }, ({ fn, log }) => use(fn, log));
}

async function ask(fn: LocalFunction, event: unknown): Promise<unknown> {
  const { answer, error } = readOutcome((await fn.invoke(JSON.stringify(event))).outcome);
  return error ?? answer;
}

if (missing)
  test('a Python that is not here is told, with ways to get it', async () => {
    const error = await rejects(invokeFiles({ 'a.py': '' }, { runtime: missing.id }), 'PYTHON_MISSING');
    assert.match(error.hint, `uv python install ${missing.version}`);
  });

for (const runtime of installed) {
  test(`${runtime} runs a function cold and warm, on its own Python`, () => {
    const code = `
import sys
calls = 0
def lambda_handler(event, context):
    global calls
    calls += 1
    print("ü", event)
    return {"calls": calls, "event": event, "version": "%d.%d" % sys.version_info[:2], "text": "ü"}
`;
    return withPython(code, { runtime }, async (fn, log) => {
      const { version } = findRuntime(runtime);
      for (const calls of [1, 2]) {
        const { outcome, logs, report } = await fn.invoke(JSON.stringify(['ä\\u2028', calls]));
        assert.equal(readOutcome(outcome).answer, { calls, event: ['ä\\u2028', calls], version, text: 'ü' });
        assert.match(logs, 'ü [');
        assert.is(report.initMs === null, calls > 1);
        const text = outcome.kind === 'answer' ? Buffer.from(outcome.body).toString() : '';
        const isAscii = Number(version.split('.')[1]) < 12;
        assert.is(text.includes('\\u00fc'), isAscii, 'escaped before 3.12');
      }
      assert.match(fn.isolation.interpreter, `Python ${version}.`);
      assert.match(log(), /REPORT RequestId/);
    });
  });
}

if (python) {
  const ANSWERS: readonly (readonly [code: string, text: string])[] = [
    ['None', 'null'],
    ['float("nan")', 'NaN'],
    ['[float("inf"), -float("inf")]', '[Infinity, -Infinity]'],
    ['decimal.Decimal("1.10")', '1.10'],
    ['{"d": [decimal.Decimal("1e-7"), decimal.Decimal("NaN")]}', '{"d": [1E-7, NaN]}'],
    ['(1, "a")', '[1, "a"]'],
    ['{1: True}', '{"1": true}'],
    ['{"raw": b"abc"}', '{"raw": "abc"}'],
    ['"\\\\u0000\\\\n"', '"\\u0000\\n"'],
    ['b"\\\\xff\\\\x00"', '\xff\0'],
  ];

  test('answers are written as by the runtime client, bytes as they are', () => {
    const cases = ANSWERS.map(([code]) => code.replaceAll('\\\\', '\\')).join(',\n    ');
    const code = `import decimal\nANSWERS = [\n    ${cases},\n]\ndef lambda_handler(event, context):\n    return ANSWERS[event]\n`;
    return withPython(code, {}, async fn => {
      for (const [at, [title, text]] of ANSWERS.entries()) {
        const { outcome } = await fn.invoke(String(at));
        assert.is(outcome.kind, 'answer', title);
        if (outcome.kind !== 'answer') continue;
        assert.is(Buffer.from(outcome.body).toString('latin1'), text, title);
        assert.is(outcome.contentType, title.startsWith('b"') ? 'application/unknown' : 'application/json');
      }
    });
  });

  for (const runtime of installed)
    test(`${runtime}: what a handler raises is told with its place, and logged`, () =>
      withPython(
        `def fail(event):\n    raise {"value": ValueError("bad ü"), "key": KeyError("k"), "empty": RuntimeError()}[event]\ndef lambda_handler(event, context):\n    return [1, fail(event)]\n`,
        { runtime },
        async (fn, log) => {
          const error = (await ask(fn, 'value')) as FunctionError;
          assert.equal([error.errorType, error.errorMessage], ['ValueError', 'bad ü']);
          assert.is(error.stackTrace?.length, 2);
          assert.match(
            error.stackTrace?.[0] ?? '',
            /^ {2}File ".*lambda_function\.py", line 4, in lambda_handler\n {4}return \[1, fail\(event\)\]\n$/,
          );
          assert.match(log(), /^\[ERROR\] ValueError: bad ü\rTraceback \(most recent call last\):\r/m);
          assert.not.match(log(), '^^');
          assert.is(((await ask(fn, 'key')) as FunctionError).errorMessage, "'k'");
          assert.is(((await ask(fn, 'empty')) as FunctionError).errorMessage, '');
          assert.match(log(), /^\[ERROR\] RuntimeError\rTraceback/m);
        },
      ));

  test('what cannot be JSON cannot be an answer', () =>
    withPython(
      `def lambda_handler(event, context):\n    a = []\n    a.append(a)\n    return {1} if event else a\n`,
      {},
      async fn => {
        for (const [event, says] of [
          [1, 'Object of type set is not JSON serializable'],
          [0, 'Circular reference detected'],
        ] as const) {
          const error = (await ask(fn, event)) as FunctionError;
          assert.equal(
            [error.errorType, error.errorMessage],
            ['Runtime.MarshalError', `Unable to marshal response: ${says}`],
          );
        }
      },
    ));

  for (const runtime of installed)
    test(`${runtime}: text that is no Unicode is told, and does not end the function`, () =>
      withPython(
        `def lambda_handler(event, context):\n    if event: return "\\ud800"\n    raise ValueError("\\ud800")\n`,
        { runtime },
        async fn => {
          const answer = await ask(fn, 1);
          const isEscaped = Number(findRuntime(runtime).version.split('.')[1]) < 12;
          if (isEscaped) assert.is(answer, '\ud800');
          else assert.is((answer as FunctionError).errorType, 'Runtime.MarshalError', JSON.stringify(answer));
          const error = (await ask(fn, 0)) as FunctionError;
          assert.equal([error.errorType, error.errorMessage], ['ValueError', '\ud800']);
        },
      ));

  const ENDS: readonly (readonly [code: string, says: string])[] = [
    ['sys.exit(3)', 'Runtime exited with error: exit status 3'],
    ['sys.exit()', 'Runtime exited without providing a reason'],
    ['os._exit(4)', 'Runtime exited with error: exit status 4'],
    ['os.kill(os.getpid(), 9)', 'Runtime exited with error: signal: killed'],
    ['os.abort()', 'Runtime exited with error: signal: aborted'],
  ];

  test('a handler that ends its process is told apart, and the next event finds a new one', () => {
    const cases = ENDS.map(([code], at) => `    if event == ${at}: ${code}`).join('\n');
    return withPython(
      `import os, sys\ndef lambda_handler(event, context):\n${cases}\n    return 1\n`,
      {},
      async fn => {
        for (const [at, [title, says]] of ENDS.entries()) {
          const error = (await ask(fn, at)) as FunctionError;
          assert.is(error.errorType, 'Runtime.ExitError', title);
          assert.match(error.errorMessage, ` Error: ${says}`);
          assert.is(await ask(fn, 'x'), 1);
        }
      },
    );
  });

  const REFUSED: readonly (readonly [handler: string, files: Files, type: string, says: string])[] = [
    [
      'absent.handler',
      { 'a.py': '' },
      'Runtime.ImportModuleError',
      "Unable to import module 'absent': No module named 'absent'",
    ],
    [
      'a.handler',
      { 'a.py': 'import nowhere' },
      'Runtime.ImportModuleError',
      "Unable to import module 'a': No module named 'nowhere'",
    ],
    ['a.handler', { 'a.py': '' }, 'Runtime.HandlerNotFound', "Handler 'handler' missing on module 'a'"],
    [
      'a.handler',
      { 'a.py': 'def handler(:' },
      'Runtime.UserCodeSyntaxError',
      "Syntax error in module 'a': invalid syntax",
    ],
    [
      'handler',
      { 'a.py': '' },
      'Runtime.MalformedHandlerName',
      "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
    ],
    [
      'sys.exit',
      { 'a.py': '' },
      'Runtime.BuiltInModuleConflict',
      'Cannot use built-in module sys as a handler module',
    ],
    ['a.handler', { 'a.py': 'raise KeyError("at load")' }, 'KeyError', "'at load'"],
    ['a.handler', { 'a.py': 'import sys; sys.exit(5)' }, 'Runtime.ExitError', 'exit status 5'],
  ];

  for (const [handler, files, type, says] of REFUSED) {
    test(`refuses ${handler} of ${JSON.stringify(files)}`, async () => {
      const { error, log } = await invokeFiles(files, { runtime: python, handler });
      assert.is(error?.errorType, type, JSON.stringify(error));
      assert.match(error?.errorMessage ?? '', says);
      assert.match(log, `INIT_REPORT`);
    });
  }

  test('a handler in a folder is found with slashes and with dots', async () => {
    const files = { 'src/api/get.py': 'def handler(event, context): return __name__' };
    for (const handler of ['src/api/get.handler', 'src.api.get.handler'])
      assert.is((await invokeFiles(files, { runtime: python, handler })).answer, 'src.api.get');
  });

  test('modules are looked for in the order of Lambda, and nothing that is installed here is found', () =>
    withTempDir(async dir => {
      const { version } = findRuntime(python);
      const layer = join(dir, 'layer');
      const packages = join(dir, 'packages');
      const word = (text: string): string => `WORD = ${JSON.stringify(text)}`;
      await writeFiles(layer, {
        'python/one.py': word('layer'),
        'python/two.py': word('layer'),
        [`python/lib/python${version}/site-packages/two.py`]: word('site-packages of the layer'),
        'python/three.py': word('layer'),
        'python/four.py': word('layer'),
      });
      await writeFiles(packages, {
        'four.py': word('runtime'),
        'five.py': word('runtime'),
        'bootstrap.py': 'never',
      });
      const code = `
import one, two, four, five, sys
def lambda_handler(event, context):
    try:
        import pip
        pip = pip.__file__
    except ImportError:
        pip = None
    return [module.WORD for module in (one, two, four, five)] + [pip, sys.argv[1:], sys.path[0]]
`;
      const files = { 'lambda_function.py': code, 'one.py': word('own') };
      const settings = { runtime: python, layers: [layer], runtimePackages: packages };
      const { answer, error } = await invokeFiles(files, settings);
      assert.is(error, null, JSON.stringify(error));
      const [one, two, four, five, pip, argv, first] = answer as string[];
      assert.equal(
        [one, two, four, five, pip, argv],
        ['own', 'site-packages of the layer', 'layer', 'runtime', null, []],
      );
      assert.match(first ?? '', /task$/);
    }));

  test('logging has the form of Lambda, and context all its fields', () =>
    withPython(
      `
import logging
logging.warning("loading")
logging.getLogger().setLevel("INFO")
def lambda_handler(event, context):
    logging.info("hello %s", event)
    context.log("plain\\n")
    custom = context.client_context.custom if context.client_context else None
    return [custom, context.function_name, context.memory_limit_in_mb, context.aws_request_id, context.invoked_function_arn,
            context.function_version, context.log_group_name, context.identity.cognito_identity_id,
            0 < context.get_remaining_time_in_millis() <= 20000]
`,
      { memoryMiB: 256 },
      async (fn, log) => {
        const { outcome, report, logs } = await fn.invoke('"x"', { clientContext: '{"custom":{"k":"ü"}}' });
        assert.equal(readOutcome(outcome).answer, [
          { k: 'ü' },
          'function',
          '256',
          report.requestId,
          'arn:aws:lambda:us-east-1:123456789012:function:function',
          '$LATEST',
          '/aws/lambda/function',
          null,
          true,
        ]);
        assert.match(log(), /^\[WARNING\]\t\S+Z\t\tloading$/m);
        const line = new RegExp(
          `^\\[INFO\\]\\t\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z\\t${report.requestId}\\thello x\\nplain\\n`,
          'm',
        );
        assert.match(logs, line);
      },
    ));

  test('neither files that the handler closes, nor children, nor its defaults for sockets keep it from answering', () =>
    withPython(
      `
import os, socket
socket.setdefaulttimeout(0.001)
def lambda_handler(event, context):
    if event == "close": os.closerange(3, 64)
    if event == "fork" and os.fork() == 0:
        import time
        time.sleep(30)
        os._exit(0)
    import time
    time.sleep(0.05)
    return event
`,
      {},
      async fn => {
        for (const event of ['a', 'close', 'b', 'fork', 'c']) assert.is(await ask(fn, event), event);
      },
    ));

  test('a time limit ends it, and a large event and answer pass', () =>
    withPython(
      `import time\ndef lambda_handler(event, context):\n    if event == "wait": time.sleep(60)\n    return event\n`,
      { timeoutMs: 1500 },
      async fn => {
        assert.is(((await ask(fn, 'wait')) as FunctionError).errorType, 'Sandbox.Timedout');
        const large = 'é'.repeat(900_000);
        assert.is(await ask(fn, large), large);
      },
    ));

  test('the bootstrap writes nothing beside the code', async () => {
    const code = 'import os, other\ndef lambda_handler(event, context): return sorted(os.listdir())';
    const { answer } = await invokeFiles(
      { 'lambda_function.py': code, 'other.py': '' },
      { runtime: python, handler: HANDLER },
    );
    assert.equal(answer, ['lambda_function.py', 'other.py']);
  });

  test('the bootstrap is Python of every version that Lambda has', () => {
    const check = 'import ast, sys; ast.parse(open(sys.argv[1]).read(), feature_version=(3, 8))';
    execFileSync('python3', ['-c', check, 'src/lambda/bootstrap/python/bootstrap.py']);
  });
}

test.run();
