import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimes } from '../../src/platform/runtimes.ts';
import { runFake } from '../helpers/fake-io.ts';
import { type Files, withProject } from '../helpers/project.ts';

/** The Node.js that runs the tests, so that none has to be fetched. */
const RUNTIME = runtimes.find(({ id }) => id === `nodejs${process.versions.node.split('.')[0]}.x`)?.id;

const TWO: Files = {
  'full/index.mjs': `
    import { existsSync } from 'node:fs';
    export const handler = async ({ n }) => ({ n, found: existsSync(new URL('./data/a.txt', import.meta.url)) });`,
  'full/data/a.txt': 'a',
  'full/data/b.txt': 'b',
  'events/one.json': '{"n":1}',
};

const env = { PATH: process.env.PATH ?? '' };

/** `full` and `slim`, which lacks the data. */
function withTwo(use: (dir: string) => Promise<void>): Promise<void> {
  return withProject(TWO, async dir => {
    await cp(join(dir, 'full'), join(dir, 'slim'), { recursive: true });
    await rm(join(dir, 'slim/data'), { recursive: true });
    await use(dir);
  });
}

const ARGS = ['--no-cache', '--runtime', RUNTIME ?? ''];

if (process.platform === 'linux' && RUNTIME !== undefined) {
  test('two folders: 0 and same, 1 and who is to blame', () =>
    withTwo(async cwd => {
      const same = await runFake(['verify', 'full', '--original', 'full', '--json', ...ARGS], { cwd, env });
      assert.is(same.code, 0, same.stderr);
      const { artifacts } = JSON.parse(same.stdout);
      assert.equal([artifacts[0].same, artifacts[0].events, artifacts[0].findings], [true, ['one'], []]);
      const other = await runFake(['verify', 'slim', '--original', 'full', ...ARGS], { cwd, env });
      assert.is(other.code, 1, other.stderr);
      assert.match(other.stdout, 'slim  different');
      assert.match(other.stdout, 'found: expected true, found false');
      assert.match(other.stdout, /VERIFY_BLAME[\s\S]*data\/a\.txt/);
      assert.not.match(other.stdout, 'data/b.txt');
      const ignored = await runFake(['verify', 'slim', '--original', 'full', '--ignore', 'found', ...ARGS], {
        cwd,
        env,
      });
      assert.is(ignored.code, 0, ignored.stdout);
    }));

  test('what was built from an entry without a config is verified by that entry', () =>
    withProject(
      {
        'package.json': '{"type":"module"}',
        'src/handler.ts': 'export const handler = async (event: { n: number }) => ({ n: event.n });',
        'events/one.json': '{"n":1}',
      },
      async cwd => {
        const built = await runFake(['build', 'src/handler.ts', ...ARGS], { cwd, env });
        assert.is(built.code, 0, built.stderr);
        for (const named of [
          ['src/handler.ts', '--runtime', RUNTIME],
          ['src/handler.ts'],
          ['src/handler.handler'],
        ]) {
          const { code, stdout, stderr } = await runFake(['verify', '--no-cache', ...named], { cwd, env });
          assert.is(code, 0, stdout + stderr);
          assert.match(stdout, 'same', 'the artifact says what it was built for');
        }
        const wanted = RUNTIME === 'nodejs24.x' ? 'nodejs22.x' : 'nodejs24.x';
        const other = await runFake(['verify', 'src/handler.ts', '--runtime', wanted], { cwd, env });
        assert.match(other.stderr, 'error BUILT_FOR_OTHER:');
        assert.match(other.stderr, wanted);
      },
    ));

  test('answers are recorded from the original, and later stand in for it', () =>
    withTwo(async cwd => {
      const recorded = await runFake(['verify', 'full', '--record', ...ARGS], { cwd, env });
      assert.is(recorded.code, 0, recorded.stderr);
      assert.is(recorded.stdout, `${join(cwd, 'events/one.answer.json')}\n`);
      const same = await runFake(['verify', 'full', ...ARGS], { cwd, env });
      assert.is(same.code, 0, same.stdout + same.stderr);
      const other = await runFake(['verify', 'slim', ...ARGS], { cwd, env });
      assert.is(other.code, 1, other.stderr);
      assert.match(other.stdout, 'against recorded answers');
    }));

  test('a failure of the original is recorded, and told', () =>
    withProject(
      {
        'full/index.mjs': `export const handler = () => { throw new Error('no data'); };`,
        'events/e.json': '{}',
      },
      async cwd => {
        const { code, stdout, stderr } = await runFake(['verify', 'full', '--record', ...ARGS], { cwd, env });
        assert.equal([code, stdout], [0, `${join(cwd, 'events/e.answer.json')}\n`]);
        assert.match(stderr, /VERIFY_ORIGINAL_FAILS[\s\S]*no data/);
      },
    ));

  test('what was built is compared with the original that is named', () =>
    withProject(
      {
        ...TWO,
        'lambda-slim.config.json': JSON.stringify({
          entry: 'src/index.mjs',
          runtime: RUNTIME,
          verify: false,
        }),
        'src/index.mjs': 'export const handler = async ({ n }) => ({ n, found: false });',
      },
      async cwd => {
        const early = await runFake(['verify', ...ARGS], { cwd, env });
        assert.match(early.stderr, 'error NOT_BUILT: ');
        const built = await runFake(['build', ...ARGS], { cwd, env });
        assert.is(built.code, 0, built.stderr);
        const same = await runFake(['verify', ...ARGS], { cwd, env });
        assert.is(same.code, 0, same.stdout);
        const handler = ['--original-handler', 'index.handler'];
        const other = await runFake(['verify', '--original', 'full', ...handler, ...ARGS], { cwd, env });
        assert.equal([other.code, /expected true, found false/.test(other.stdout)], [1, true], other.stderr);
        const gone = await runFake(['verify', '--original', 'gone.zip', ...ARGS], { cwd, env });
        assert.match(gone.stderr, /error INPUT_UNREADABLE: [\s\S]*gone\.zip/);
      },
    ));
}

test('what cannot be done is refused: no original, no events, no such artifact, a bad number', () =>
  withTwo(async cwd => {
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [['verify', 'slim'], /nothing to compare with[\s\S]*--original/],
      [['verify', 'slim', '--original', 'full', '--events', 'none/*.json'], /No file matches .*none/],
      [['verify', 'full', '--record', '--events', 'none/*.json'], /No file matches/],
      [['verify', 'nowhere.zip', '--original', 'full'], /Cannot read .*nowhere\.zip/],
      [['verify', 'slim', '--original', 'nowhere'], /Cannot read .*nowhere/],
      [['verify', 'slim', '--original', 'full', '--tolerance', '-1'], /--tolerance/],
      [
        ['verify', 'slim', '--original', 'full', '--events', 'full/index.mjs'],
        /index\.mjs\s+is\s+not\s+JSON/,
      ],
    ];
    for (const [argv, pattern] of refusals) {
      const { code, stdout, stderr } = await runFake([...argv, ...ARGS], { cwd, env });
      assert.is(code, 2, `${argv.join(' ')}: ${stdout}${stderr}`);
      assert.match(stderr.replace(/\s+/g, ' '), pattern);
    }
    assert.equal((await readdir(cwd)).sort(), ['events', 'full', 'slim'], 'nothing is left behind');
  }));

test.run();
