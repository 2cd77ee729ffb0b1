import { resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

const cwd = resolve('fixtures/projects/config-none');
const COMMANDS = [
  ...['build', 'plan', 'why', 'check', 'verify', 'invoke', 'serve', 'sync', 'bench'],
  ...['init', 'preset record', 'preset check'],
];

const USAGE: readonly (readonly [argv: string, words: string])[] = [
  ['', 'Name a command'],
  ['bild', 'Unknown argument bild. Did you mean build?'],
  ['build --archh x64', 'Unknown argument --archh. Did you mean --arch?'],
  ['build --compile-cach', 'Unknown argument --compile-cach. Did you mean --compile-cache?'],
  ['invoke --cold 3', 'Unknown argument --cold.\n'],
  ['bench --cold 3 --wamr 4', 'Unknown argument --wamr. Did you mean --warm?'],
  ['serve --prot 4', 'Unknown argument --prot. Did you mean --port?'],
  ['invoke --foo', 'Unknown argument --foo.\n'],
  ['build --arch mips', '--arch has to be one of "x64", "arm64", "x86_64", not "mips"'],
  ['build --arch', '--arch needs a value'],
  ['build --level wild', '--level has to be one of "safe", "bold", "exact", not "wild"'],
  ['build a.ts b.ts', 'Unknown argument b.ts'],
  ['build --arch x64 --arch mips', '--arch has to be one of'],
  ['invoke --timeout soon', '--timeout has to be one whole number from 1 to 900'],
  ['invoke --timeout 901', '--timeout has to be one whole number from 1 to 900'],
  ['serve --memory 127', '--memory has to be one whole number from 128 to 10240'],
  ['bench --memory 10241', '--memory has to be one whole number from 128 to 10240'],
  ['invoke --env A=1', '--env: a variable has two or more letters'],
  ['serve --env 1A=1', '--env: a variable has two or more letters'],
  ['invoke --env AB', '--env has to be NAME=value, not AB'],
  ['invoke --mount /mnt/a=/ --mount /mnt/b=/', '--mount can be given once'],
  ['why', 'Not enough'],
  ['preset', 'preset record or preset check'],
  ['preset chek x', 'Unknown argument'],
  ['container shel', 'Unknown argument shel. Did you mean shell?'],
  ['container shell --engine rkt', 'Run `lambda-slim container shell --help`'],
  ['container shell --container-image=', '--container-image needs a value'],
  ['container shell --jsn', 'Unknown argument --jsn.\n'],
];

for (const [argv, words] of USAGE) {
  test(`\`${argv}\` is refused, on stderr only`, async () => {
    const { code, stdout, stderr } = await runFake(argv.split(' ').filter(Boolean), { cwd });
    assert.is(code, 2);
    assert.is(stdout, '');
    assert.match(stderr, words);
    assert.match(stderr, /^error USAGE: /);
  });
}

for (const command of ['invoke', 'serve', 'bench', 'check', 'verify src/handler.mjs']) {
  test(`\`${command}\` before any build says to build`, () =>
    withProject({ 'package.json': '{}', 'src/handler.mjs': '' }, async dir => {
      const { code, stderr } = await runFake(command.split(' '), { cwd: dir });
      assert.is(code, 2);
      assert.match(stderr, 'error NOT_BUILT: ');
      assert.match(stderr, /lambda-slim build/);
    }));
}

test('--help tells all commands and the exit codes, on stdout only', async () => {
  const { code, stdout, stderr } = await runFake(['--help']);
  assert.is(code, 0);
  assert.is(stderr, '');
  for (const name of [
    'build [entry]',
    'plan [entry]',
    'why <path> [entry]',
    'check [artifact]',
    'init',
    'verify [artifact]',
    'invoke [artifact]',
    'serve [artifact]',
    'bench [artifact..]',
  ]) {
    assert.match(stdout, `lambda-slim ${name}`);
  }
  assert.match(stdout, 'Exit codes: 0 done; 1 a finding of level error; 2 it could not run.');
});

for (const name of COMMANDS) {
  test(`${name} --help has examples and exit codes, within 80 columns`, async () => {
    const { code, stdout, stderr } = await runFake([...name.split(' '), '--help']);
    assert.equal([code, stderr], [0, '']);
    assert.match(stdout, `Examples:\n  lambda-slim ${name}`);
    assert.match(stdout, 'Exit codes: 0 ');
    assert.match(stdout, /--json .*\[boolean\]/);
    assert.equal(
      stdout.split('\n').filter(line => line.length > 80),
      [],
    );
  });
}

test('help does not follow the language of the host', async () => {
  const { stdout } = await runFake(['--help'], { env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } });
  assert.match(stdout, 'Show version number');
});

test('--version is a version and nothing else', async () => {
  const { code, stdout, stderr } = await runFake(['--version']);
  assert.equal([code, stderr], [0, '']);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('a known error goes to stderr without a stack, and --debug adds it', async () => {
  const plain = await runFake(['plan', 'src/handlr.mjs'], { cwd });
  assert.equal([plain.code, plain.stdout], [2, '']);
  assert.match(plain.stderr, 'Did you mean src/handler.mjs?');
  assert.not.match(plain.stderr, /\n {4}at /);
  const debug = await runFake(['plan', 'src/handlr.mjs', '--debug'], { cwd });
  assert.match(debug.stderr, /\n {4}at /);
});

test('with --json the error is also the document on stdout', async () => {
  for (const argv of [
    ['plan', 'src/handlr.mjs', '--json'],
    ['--json', 'plan', '--jsn'],
  ]) {
    const { code, stdout, stderr } = await runFake(argv, { cwd });
    const { schema, command, error } = JSON.parse(stdout);
    assert.equal([code, schema, command], [2, 1, 'plan']);
    assert.match(stderr, error.code);
    assert.ok(error.message && error.hint);
  }
});

test('an abort is told as such', async () => {
  const signal = AbortSignal.abort();
  const { code, stderr } = await runFake(
    ['build', 'src/handler.mjs', '--no-cache', '--out', '/nowhere/out'],
    {
      cwd,
      signal,
    },
  );
  assert.is(code, 2);
  assert.match(stderr, 'error CANCELLED');
});

test('colours are for terminals', async () => {
  const terminal = { isTTY: true, columns: 80 };
  const red = '\u001b[31m';
  assert.ok((await runFake(['plan', 'no.ts'], { cwd, terminal })).stderr.includes(red));
  assert.not.ok((await runFake(['plan', 'no.ts'], { cwd })).stderr.includes(red));
  assert.not.ok(
    (await runFake(['plan', 'no.ts'], { cwd, terminal, env: { CI: '1' } })).stderr.includes('\u001b'),
  );
});

test('no name of somebody becomes a command of the runner that reads the output', async () => {
  for (const [env, more] of [
    [{ GITHUB_ACTIONS: 'true' }, []],
    [{}, ['--format', 'github']],
  ] as const) {
    const { code, stderr } = await runFake(['check', 'no\n  ::error::pwn\r##[group]x.zip', ...more], { env });
    assert.is(code, 2);
    assert.ok(stderr.includes('u{3a}:error::pwn'), stderr);
    assert.not.match(stderr, /(?:^|[\n\r])\s*(?:::|##\[)/);
  }
});

test('an artifact without a name, and a result over its own input, are refused', () =>
  withProject({ 'a.zip': plainZip({ 'index.js': 'x' }) }, async cwd => {
    for (const argv of [
      ['check', ''],
      ['check', 'a.zip', '--save-baseline', 'a.zip'],
      ['sbom', 'a.zip', '--output', 'a.zip'],
    ]) {
      const { code, stderr } = await runFake(argv, { cwd });
      assert.equal([code, stderr.includes('error USAGE')], [2, true], stderr);
    }
  }));

test.run();
