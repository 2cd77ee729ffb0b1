import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchReport } from '../../src/cold-start/types.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';

const MIB = 1024 * 1024;

const READER = `import { readFileSync } from 'node:fs';
const data = readFileSync(new URL('./data.bin', import.meta.url));
export const handler = async event => ({ bytes: data.length, event });`;

const env = { HOME: process.env.HOME ?? '', PATH: process.env.PATH ?? '' };

const readMiB = (report: BenchReport, name: string, cache: string): readonly number[] =>
  report.series
    .filter(({ subject, ...series }) => subject.name === name && series.cache === cache)
    .flatMap(({ starts }) => starts.map(({ readBytes }) => (readBytes ?? 0) / MIB));

test('a folder that reads much from the disk does so when it is cold, and its rival does not', () =>
  withProject({ 'big/index.mjs': READER, 'small/index.mjs': READER, 'event.json': '{"a":1}' }, async cwd => {
    await writeFile(join(cwd, 'big/data.bin'), randomBytes(24 * MIB));
    await writeFile(join(cwd, 'small/data.bin'), randomBytes(MIB));
    const argv = ['bench', 'big', 'small', '--cold', '2', '--warm', '3', '--page-cache', 'both'];
    const ran = await runFake([...argv, '--event', 'event.json', '--json'], { cwd, env });
    assert.is(ran.code, 0, ran.stderr);
    const report: BenchReport = JSON.parse(ran.stdout);
    for (const { starts, subject } of report.series) {
      assert.is(starts.length, 2, subject.name);
      assert.ok(starts.every(({ initMs, warmMs }) => initMs !== null && warmMs.length === 3));
    }
    assert.equal([...new Set(report.comparisons.map(({ verdict }) => verdict))], ['too-few']);
    if (report.pageCache.kind !== 'dropped') return;
    assert.ok(
      readMiB(report, 'big', 'cold').every(mib => mib >= 23),
      'the data comes from the disk',
    );
    assert.ok(
      readMiB(report, 'big', 'warm').every(mib => mib < 23),
      'and is in the page cache after it',
    );
    if (report.pageCache.what === 'files')
      assert.ok(readMiB(report, 'small', 'cold').every(mib => mib >= 0.9 && mib < 20));
  }));

test('a function that cannot be imported is a failure with its words, and its rival is measured', () =>
  withProject(
    { 'bad/index.mjs': "import 'nowhere-to-be-found';", 'good/index.mjs': 'export const handler = () => 1;' },
    async cwd => {
      const ran = await runFake(['bench', 'good', 'bad', '--cold', '2', '--warm', '1'], { cwd, env });
      assert.is(ran.code, 1, ran.stderr);
      assert.match(ran.stdout, /good +2 of 2 +\d/);
      assert.match(ran.stdout, /bad +0 of 2 +- /);
      assert.match(ran.stdout, /nowhere-to-be-found/);
      assert.not.match(ran.stdout, 'against');
    },
  ));

test('the original of the config is measured first, with what the config says', () =>
  withProject(
    {
      'package.json': '{"name":"fn","type":"module"}',
      'src/handler.ts': 'export const run = async () => ({ stage: process.env.STAGE as string });',
      'lambda-slim.config.json': JSON.stringify({
        entry: 'src/handler.ts',
        handler: 'run',
        environment: { STAGE: 'test' },
      }),
    },
    async cwd => {
      const built = await runFake(['build'], { cwd, env });
      assert.is(built.code, 0, built.stderr);
      const ran = await runFake(['bench', '--original', '--cold', '1', '--warm', '1', '--json'], {
        cwd,
        env,
      });
      assert.is(ran.code, 0, ran.stderr + ran.stdout);
      const { series }: BenchReport = JSON.parse(ran.stdout);
      assert.equal(
        series.map(({ subject }) => [subject.name, subject.kind, subject.zippedBytes === null]),
        [
          ['original', 'original', true],
          ['lambda-slim-out/function.zip', 'artifact', false],
        ],
      );
    },
  ));

test.run();
