import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PageData } from '../../src/report/html/page-types.ts';
import { runFake } from '../helpers/fake-io.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

const env = { HOME: process.env.HOME ?? '', PATH: process.env.PATH ?? '' };

const SHARP = 'node_modules/sharp/package.json';
const BEFORE = plainZip({
  'index.mjs': 'export const handler = 1;',
  [SHARP]: '{"name":"sharp","version":"1.0.0"}',
});
const AFTER = plainZip({
  'index.mjs': 'export const handler = 1; // and more',
  [SHARP]: '{"name":"sharp","version":"1.1.0"}',
  '</script><script>alert(1)</script>.js': 'x'.repeat(100),
});

async function readPage(path: string): Promise<{ readonly html: string; readonly data: PageData }> {
  const html = await readFile(path, 'utf8');
  const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  return { html, data: JSON.parse(json) };
}

test('a zip of any tool becomes a page, the same one wherever it lies', () =>
  withProject({}, async cwd => {
    await mkdir(join(cwd, 'elsewhere'));
    for (const folder of ['.', 'elsewhere']) await writeFile(join(cwd, folder, 'a.zip'), AFTER);
    const ran = await runFake(['report', 'a.zip', '--runtime', 'nodejs22.x'], { cwd, env });
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, 'lambda-slim-report.html');
    const { html, data } = await readPage(join(cwd, 'lambda-slim-report.html'));
    assert.is(data.mode, 'functions');
    const [subject] = data.subjects;
    assert.equal([subject?.runtime, subject?.arch, subject?.files.length], ['nodejs22.x', 'x64', 3]);
    assert.ok(subject?.packages.includes('sharp@1.1.0'));
    assert.is(html.match(/<script/g)?.length, 2, 'the path makes no script');
    const again = await runFake(['report', 'elsewhere/a.zip', '--runtime', 'nodejs22.x', '--out', 'b.html'], {
      cwd,
      env,
    });
    assert.is(again.code, 0, again.stderr);
    assert.is((await readPage(join(cwd, 'b.html'))).html, html);
    assert.not.match(html, cwd);
  }));

test('two zips become one page, and a folder is as good as a zip', () =>
  withProject({ 'unpacked/index.mjs': 'export const handler = 1;' }, async cwd => {
    await writeFile(join(cwd, 'a.zip'), BEFORE);
    await writeFile(join(cwd, 'b.zip'), AFTER);
    const ran = await runFake(['report', 'a.zip', 'b.zip', '--out', 'two.html', '--json'], { cwd, env });
    assert.is(ran.code, 0, ran.stderr);
    assert.equal(JSON.parse(ran.stdout).artifacts, [join(cwd, 'a.zip'), join(cwd, 'b.zip')]);
    const { data } = await readPage(join(cwd, 'two.html'));
    assert.equal([data.mode, ...data.subjects.map(({ file }) => file)], ['compare', 'a.zip', 'b.zip']);
    const folder = await runFake(['report', 'unpacked', 'b.zip'], { cwd, env });
    assert.is(folder.code, 0, folder.stderr);
    const page = await readPage(join(cwd, 'lambda-slim-report.html'));
    assert.is(page.data.subjects[0]?.zippedBytes, null);
  }));

test('a build writes its page, with what went and why', () =>
  withProject(
    {
      'package.json': '{"name":"app","type":"module"}',
      'package-lock.json': '{"name":"app","lockfileVersion":3,"packages":{"":{"name":"app"}}}',
      'src/handler.ts': 'export const handler = async () => 1;',
    },
    async cwd => {
      const argv = ['build', 'src/handler.ts', '--no-verify', '--no-cache', '--report'];
      const ran = await runFake(argv, { cwd, env });
      assert.is(ran.code, 0, ran.stderr);
      assert.match(ran.stderr, /Report: .*report\.html/);
      const { data, html } = await readPage(join(cwd, 'lambda-slim-out/report.html'));
      assert.match(data.subjects[0]?.handler ?? '', /\.handler$/);
      assert.ok((data.subjects[0]?.stages.length ?? 0) > 2);
      assert.equal(data.subjects[0]?.notes, []);
      assert.not.match(html, cwd);
    },
  ));

const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['no page', ['report', 'a.zip', '--out', 'a.zip'], /ends in \.html/],
  [
    'an entry taken for a page',
    ['build', '--report', 'src/handler.ts'],
    /--report needs a file that ends in \.html/,
  ],
  [
    'a folder in the way',
    ['report', 'a.zip', '--out', 'folder.html'],
    /a folder of that name\s+is in the\s+way|OUTPUT_UNWRITABLE/,
  ],
  ['no zip', ['report', 'note.txt'], /NOT_A_ZIP/],
  ['nothing there', ['report', 'a.zip', 'missing.zip'], /INPUT_UNREADABLE/],
  ['a zip cut short', ['report', 'cut.zip'], /NOT_A_ZIP/],
  ['no bench', ['report', 'a.zip', '--bench', 'note.txt'], /BENCH_INVALID/],
  ['a bench that is not there', ['report', 'a.zip', '--bench', 'bench.json'], /INPUT_UNREADABLE/],
  ['an unknown runtime', ['report', 'a.zip', '--runtime', 'nodejs2.x'], /UNKNOWN_RUNTIME/],
];
for (const [name, argv, message] of refusals)
  test(`refused, and nothing is left behind: ${name}`, () =>
    withProject({ 'note.txt': 'hello', 'folder.html/x': '', 'src/handler.ts': 'x' }, async cwd => {
      await writeFile(join(cwd, 'a.zip'), BEFORE);
      await writeFile(join(cwd, 'cut.zip'), BEFORE.subarray(0, BEFORE.length - 30));
      const before = await readdir(cwd);
      const ran = await runFake(argv, { cwd, env });
      assert.is(ran.code, 2, ran.stderr);
      assert.match(ran.stderr, message);
      assert.equal(await readdir(cwd), before);
    }));

test('cold starts that bench measured are in the page', () =>
  withProject({}, async cwd => {
    const start = { initMs: 100, firstMs: 120, warmMs: [1, 2] };
    const series = [{ subject: { name: 'a.zip' }, cache: null, starts: [start] }];
    await writeFile(join(cwd, 'a.zip'), BEFORE);
    await writeFile(join(cwd, 'bench.json'), JSON.stringify({ series }));
    const ran = await runFake(['report', 'a.zip', '--bench', 'bench.json'], { cwd, env });
    assert.is(ran.code, 0, ran.stderr);
    const { data } = await readPage(join(cwd, 'lambda-slim-report.html'));
    assert.equal(data.subjects[0]?.starts, [{ name: 'a.zip', init: [100], first: [120], warm: [1, 2] }]);
  }));

test.run();
