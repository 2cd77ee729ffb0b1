import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { CliArgs } from '../../src/config/types.ts';
import type { ErrorCode, SlimError } from '../../src/errors.ts';
import { rejects } from '../helpers/rejects.ts';

const project = (name: string): string => resolve('fixtures/projects', `config-${name}`);

function fails(name: string, args: CliArgs, code: ErrorCode): Promise<SlimError> {
  return rejects(loadConfig(project(name), args, {}), code);
}

function problemsOf(config: unknown): string {
  try {
    parseConfig(config, 'here.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'valid';
}

const TABLE: readonly (readonly [name: string, args: CliArgs, code: ErrorCode, words: readonly string[]])[] =
  [
    ['ambiguous', {}, 'CONFIG_AMBIGUOUS', ['lambda-slim.config.json and package.json']],
    ['broken-json', {}, 'CONFIG_UNREADABLE', ['lambda-slim.config.json', 'JSON']],
    ['throws', {}, 'CONFIG_UNREADABLE', ['the config broke']],
    ['json', { config: 'no.json' }, 'CONFIG_MISSING', [join(project('json'), 'no.json')]],
    ['json', { config: 'no.ts' }, 'CONFIG_MISSING', [join(project('json'), 'no.ts')]],
    ['no-entry', {}, 'NO_FUNCTION', ['init']],
    ['several', { function: ['wroker'] }, 'UNKNOWN_FUNCTION', ['api', 'worker', 'Did you mean worker?']],
    ['json', { entry: 'src/handler.mjs', function: ['a'] }, 'USAGE', ['exclude each other']],
    [
      'none',
      { entry: 'src/handlr.mjs' },
      'HANDLER_NOT_FOUND',
      ['src/handlr.mjs', 'Did you mean src/handler.mjs?'],
    ],
    ['none', { entry: 'elsewhere/x.ts' }, 'HANDLER_NOT_FOUND', ['Did you mean src/handler.mjs?']],
    ['outside', {}, 'ENTRY_OUTSIDE_ROOT', ['src/handler.mjs', 'inner']],
    ['python', {}, 'RUNTIME_MISMATCH', ['python3.12', 'handler.mjs']],
    ['none', { entry: 'app.py' }, 'HANDLER_NOT_FOUND', ['app.py']],
    ['json', { runtime: 'nodejs99.x' }, 'UNKNOWN_RUNTIME', ['nodejs99.x']],
  ];

for (const [name, args, code, words] of TABLE) {
  test(`config-${name} ${JSON.stringify(args)} ends in ${code}`, async () => {
    const error = await fails(name, args, code);
    for (const word of words) assert.match(`${error.message}\n${error.hint}`, word);
  });
}

test('a misspelt key is named with its place and its nearest neighbour', async () => {
  const { message } = await fails('misspelt', {}, 'CONFIG_INVALID');
  assert.match(message, 'unknown key "exlude" in functions.api; did you mean "exclude"?');
  assert.match(message, 'unknown key "minfy" in functions.api.bundle; did you mean "minify"?');
});

test('wrong types say what was expected and what was found, all at once', async () => {
  const { message } = await fails('wrong-types', {}, 'CONFIG_INVALID');
  assert.match(message, 'entry: expected a string, found number 7');
  assert.match(message, 'arch: expected "x64" or "arm64" or "x86_64", found string "mips"');
  assert.match(message, 'include: expected a list, found string "model/**"');
  assert.match(message, 'bundle: expected true, false or an object, found string "yes"');
  assert.match(message, 'compileCache: expected true or false, found string "on"');
  assert.match(message, 'functions: expected an object, found a list');
});

test('what is no object is no config', () => {
  assert.match(problemsOf(undefined), 'the config: expected an object, found nothing');
  assert.match(problemsOf([]), 'the config: expected an object, found a list');
  assert.match(
    problemsOf(() => ({})),
    'the config: expected an object, found a function',
  );
});

test('a function needs an entry, and a name that is harmless as a file name', () => {
  assert.match(problemsOf({ functions: { a: {} } }), 'functions.a.entry: expected a string, found nothing');
  assert.match(
    problemsOf({ functions: { '../a': { entry: 'a' } } }),
    'functions.../a: a function name has letters',
  );
  assert.match(
    problemsOf({ functions: { a: { entry: 'a' }, A: { entry: 'a' } } }),
    '"a" and "A" differ in case only',
  );
  const publish = { functionName: 'api' };
  for (const shared of [
    { functions: { a: { entry: 'a', publish }, b: { entry: 'b', publish } } },
    { functions: { a: { entry: 'a' }, b: { entry: 'b' } }, publish },
  ])
    assert.match(problemsOf(shared), '"a" and "b" are both published as "api"');
  assert.match(problemsOf({ entry: 'a', functions: { a: { entry: 'a' } } }), 'exclude each other');
  assert.match(problemsOf({ entry: 'a', handler: 'a b' }), 'handler: expected the name of an export');
  assert.match(problemsOf({ entry: '' }), 'entry: expected some text');
});

test('a key that resembles nothing gets no suggestion', () => {
  assert.match(problemsOf({ qqqqqqqqqq: 1 }), /unknown key "qqqqqqqqqq"$/m);
});

test.run();
