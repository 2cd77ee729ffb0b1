import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';

const project = (name: string): string => resolve('fixtures/projects', `config-${name}`);

test('build writes the artifact; the summary is on stdout, the progress on stderr', () =>
  withTempDir(async out => {
    const ran = await runFake(['build', '--no-cache', '--out', out], { cwd: project('json') });
    assert.is(ran.code, 0, ran.stderr);
    assert.ok((await readdir(out)).includes('function.zip'));
    assert.match(ran.stdout, 'function  nodejs22.x, x64');
    assert.match(ran.stdout, join(out, 'function.zip'));
    assert.match(ran.stdout, /CodeSha256 {2}\S{44}\n/);
    assert.match(ran.stderr, /^\S.* +\d+\.\d s/m);
    assert.not.match(ran.stdout + ran.stderr, '\u001b');
    assert.not.match(ran.stdout + ran.stderr, '\r');
  }));

test('build --json gives one document that names the same artifact', () =>
  withTempDir(async out => {
    const ran = await runFake(['build', '--no-cache', '--json', '--out', out], { cwd: project('several') });
    const { schema, command, functions } = JSON.parse(ran.stdout);
    assert.equal([schema, command], [1, 'build']);
    assert.equal(
      functions.map((fn: { artifact: { path: string } }) => fn.artifact.path),
      [join(out, 'api.zip'), join(out, 'worker.zip')],
    );
  }));

test('an option that is given twice counts as its last', async () => {
  const argv = [
    'plan',
    '--no-cache',
    '--json',
    '--arch',
    'x64',
    '--arch',
    'arm64',
    '--level',
    'bold',
    '--level',
    'safe',
  ];
  const ran = await runFake(argv, { cwd: project('json') });
  assert.is(JSON.parse(ran.stdout).arch, 'arm64', ran.stderr);
});

test('a cache that cannot be written is told and not used', () =>
  withTempDir(async out => {
    await writeFile(join(out, 'file'), '');
    const env = { LAMBDA_SLIM_CACHE: join(out, 'file', 'cache') };
    const ran = await runFake(['build', '--out', out], { cwd: project('json'), env });
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, 'cannot be written');
  }));

test('check finds what build wrote without a config', () =>
  withProject(
    { 'package.json': '{}', '.git/HEAD': '', 'index.mjs': 'export const handler = async () => 1;' },
    async cwd => {
      await runFake(['build', 'index.mjs', '--no-cache'], { cwd });
      const ran = await runFake(['check'], { cwd });
      assert.is(ran.code, 0, ran.stderr);
      assert.match(ran.stdout, 'function.zip');
    },
  ));

test('plan writes nothing', () =>
  withTempDir(async out => {
    const ran = await runFake(['plan', '--no-cache', '--out', out], { cwd: project('json') });
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, 'Would be removed, by rule');
    assert.equal(await readdir(out), []);
  }));

test('why explains a path, and names the neighbours of one that is unknown', async () => {
  const cwd = project('json');
  const ran = await runFake(['why', 'handler.mjs', '--no-cache'], { cwd });
  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, 'the handler, bundled with what it imports');
  const { answers } = JSON.parse(
    (await runFake(['why', 'handler.mjs', '--json', '--no-cache'], { cwd })).stdout,
  );
  assert.equal([answers[0].kind, answers[0].function], ['kept', 'function']);
  const unknown = await runFake(['why', 'handlr.mjs', '--no-cache'], { cwd });
  assert.equal([unknown.code, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, 'PATH_UNKNOWN');
  assert.match(unknown.stderr, 'handler.mjs');
});

test('check tells both limits of a zip, and refuses what is none', () =>
  withTempDir(async out => {
    await runFake(['build', '--no-cache', '--out', out], { cwd: project('json') });
    const ran = await runFake(['check', 'function.zip'], { cwd: out });
    assert.equal([ran.code, ran.stderr], [0, '']);
    assert.match(ran.stdout, / zipped +\[.*of 50 MiB/);
    assert.match(ran.stdout, / unzipped +\[.*of 250 MiB/);
    const json = JSON.parse((await runFake(['check', 'function.zip', '--json'], { cwd: out })).stdout);
    assert.equal([json.runtime, json.artifact.codeSha256.length], ['nodejs22.x', 44]);
    const bad = await runFake(['check', 'package.json'], { cwd: project('json') });
    assert.equal([bad.code, bad.stdout], [2, '']);
    assert.match(bad.stderr, 'NOT_A_ZIP');
  }));

test('check knows the dates of a runtime when it is asked to', () =>
  withTempDir(async out => {
    await runFake(['build', '--no-cache', '--out', out], { cwd: project('json') });
    const ran = await runFake(['check', 'function.zip', '--runtime', 'python3.12', '--arch', 'arm64'], {
      cwd: out,
    });
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, 'python3.12, arm64');
  }));

/** The runtime of the Node.js that runs the tests, so that none has to be fetched. */
const HERE = ['--runtime', `nodejs${process.versions.node.split('.')[0]}.x`];

test('invoke runs what build wrote: the answer on stdout, logs on stderr, 1 when the handler fails', () =>
  withProject(
    {
      'package.json': '{ "type": "module" }',
      'index.js': `export const handler = async event => {
        console.log('a log line');
        if (event.fail) throw new RangeError('too far');
        return { got: event };
      };`,
      'event.json': '{ "a": 1 }',
      'fail.json': '{ "fail": true }',
      'bad.json': '{',
      '.git/HEAD': '',
      'lambda-slim.config.json': JSON.stringify({ entry: 'index.js', runtime: HERE[1], arch: process.arch }),
    },
    async cwd => {
      assert.is((await runFake(['build', '--no-cache'], { cwd })).code, 0);
      const ran = await runFake(['invoke', '--event', 'event.json', '--no-cache'], { cwd });
      assert.equal([ran.code, ran.stdout], [0, '{"got":{"a":1}}\n'], ran.stderr);
      assert.match(ran.stderr, 'a log line');
      const zip = join('lambda-slim-out', 'function.zip');
      const failed = await runFake(['invoke', zip, '--event', 'fail.json', '--json', '--no-cache'], { cwd });
      const { answer, error } = JSON.parse(failed.stdout);
      assert.equal(
        [failed.code, answer, error.errorType, error.errorMessage],
        [1, null, 'RangeError', 'too far'],
      );
      const bad = await runFake(['invoke', '--event', 'bad.json'], { cwd });
      assert.equal([bad.code, bad.stdout], [2, '']);
      assert.match(bad.stderr, 'EVENT_INVALID');
    },
  ));

test('init writes a config once, tells what it found, and never overwrites', () =>
  withProject(
    { 'src/handler.ts': 'export const handler = 1;', 'package.json': '{}', '.git/HEAD': '' },
    async cwd => {
      const ran = await runFake(['init'], { cwd });
      assert.equal([ran.code, ran.stderr], [0, '']);
      assert.match(ran.stdout, 'Wrote lambda-slim.config.ts');
      assert.match(ran.stdout, 'entry src/handler.ts');
      assert.match(ran.stdout, 'Next  lambda-slim build');
      const text = await readFile(join(cwd, 'lambda-slim.config.ts'), 'utf8');
      assert.match(text, "entry: 'src/handler.ts',");
      for (const argv of [['init'], ['init', '--format', 'json'], ['init', '--format', 'json', '--force']]) {
        const again = await runFake(argv, { cwd });
        assert.equal([again.code, again.stdout], [2, '']);
        assert.match(again.stderr, 'CONFIG_EXISTS');
      }
      assert.is((await runFake(['init', '--force'], { cwd })).code, 0);
      assert.equal((await readdir(cwd)).sort(), ['.git', 'lambda-slim.config.ts', 'package.json', 'src']);
    },
  ));

test('init without TypeScript writes JSON, and says when there is nothing to find', () =>
  withProject({ 'index.mjs': '', 'empty/x': '' }, async cwd => {
    const { written, functions } = JSON.parse((await runFake(['init', '--json'], { cwd })).stdout);
    assert.equal([written, functions], ['lambda-slim.config.json', [{ entry: 'index.mjs', handler: null }]]);
    assert.match((await runFake(['init'], { cwd: join(cwd, 'empty') })).stderr, 'NOTHING_FOUND');
  }));

test('preset record lists a package, and preset check tries rules on the listing', () =>
  withProject(
    {
      'node_modules/thing/index.js': '1',
      'node_modules/thing/docs/a.txt': '12345',
      'thing.json': JSON.stringify({
        package: 'thing',
        ecosystem: 'npm',
        rules: [
          { id: 'docs', remove: ['docs/**'], why: 'nobody reads them on Lambda' },
          { id: 'ghost', remove: ['ghost/**'], why: 'was there in older versions' },
        ],
      }),
    },
    async cwd => {
      const record = await runFake(['preset', 'record', 'node_modules/thing'], { cwd });
      assert.equal([record.code, record.stderr], [0, '']);
      assert.match(record.stdout, '2 files, 6 B');
      const again = await runFake(['preset', 'record', 'node_modules/thing', '--json'], { cwd });
      assert.is(JSON.parse(again.stdout).command, 'preset record');
      assert.is(await readFile(join(cwd, 'thing.tree.txt'), 'utf8'), '5 docs/a.txt\n1 index.js\n');
      for (const source of [[], ['thing.tree.txt']]) {
        const check = await runFake(['preset', 'check', 'thing.json', ...source], { cwd });
        assert.is(check.code, 1, check.stderr);
        assert.match(check.stdout, /5 B {3}1 file {2}docs/);
        assert.match(check.stdout, 'The rule "ghost" matches nothing here.');
      }
    },
  ));

test.run();
