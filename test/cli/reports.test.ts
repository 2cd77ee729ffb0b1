import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimes } from '../../src/platform/runtimes.ts';
import { runFake } from '../helpers/fake-io.ts';
import { plainZip } from '../helpers/plain-zip.ts';
import { withProject } from '../helpers/project.ts';

const npm = (name: string, version: string): string => JSON.stringify({ name, version, license: 'MIT' });

/** A folder with `a.zip`, and `b.zip` that grew. */
function withZips(use: (cwd: string) => Promise<void>): Promise<void> {
  return withProject({}, async cwd => {
    const files = {
      'index.mjs': 'export const handler = 1;',
      'node_modules/p/package.json': npm('p', '1.0.0'),
    };
    await writeFile(join(cwd, 'a.zip'), plainZip(files));
    const grown = {
      'node_modules/p/package.json': npm('p', '1.1.0'),
      'node_modules/p/data.bin': 'x'.repeat(9000),
    };
    await writeFile(join(cwd, 'b.zip'), plainZip({ ...files, ...grown }));
    await use(cwd);
  });
}

test('check saves a baseline and compares with it; the budget of the config decides', () =>
  withZips(async cwd => {
    const saved = await runFake(['check', 'a.zip', '--save-baseline', '--json'], { cwd });
    assert.equal([saved.code, saved.stderr], [0, '']);
    const baseline = ['--baseline', 'lambda-slim-baseline.json'];
    const same = JSON.parse((await runFake(['check', 'a.zip', ...baseline, '--json'], { cwd })).stdout);
    assert.equal(same.growth.items, []);
    const free = await runFake(['check', 'b.zip', ...baseline], { cwd });
    assert.is(free.code, 0);
    assert.match(free.stdout, /Since the baseline[\s\S]*\+8\.8 KiB {2}p {2}1\.0\.0 → 1\.1\.0/);
    const config = { entry: 'gone.ts', budget: { growth: '5 %', zipped: '1 MB' } };
    await writeFile(join(cwd, 'c.json'), JSON.stringify(config));
    const judged = await runFake(['check', 'b.zip', ...baseline, '--config', 'c.json', '--json'], { cwd });
    const found = JSON.parse(judged.stdout).findings.map((f: { budget?: string }) => f.budget);
    assert.equal([judged.code, found], [1, ['zippedGrowth', 'unzippedGrowth']]);
    const without = await runFake(['check', 'b.zip', '--config', 'c.json'], { cwd });
    assert.is(without.code, 0);
  }));

test('a function that the baseline does not know is told as all new, and its growth is not judged', () =>
  withZips(async cwd => {
    await writeFile(join(cwd, 'empty.json'), '{"schema":1,"functions":{}}');
    await writeFile(join(cwd, 'c.json'), JSON.stringify({ entry: 'gone.ts', budget: { growth: '0 %' } }));
    const ran = await runFake(['check', 'a.zip', '--baseline', 'empty.json', '--config', 'c.json'], { cwd });
    assert.is(ran.code, 0);
    assert.match(ran.stdout, 'added 1.0.0');
  }));

test('check tells its result in each format, and github writes the summary of the job', () =>
  withZips(async cwd => {
    const summary = join(cwd, 'summary.md');
    const env = { GITHUB_STEP_SUMMARY: summary };
    const github = await runFake(['check', 'a.zip', '--format', 'github'], { cwd, env });
    assert.match(github.stdout, /^lambda-slim: nothing to complain about; .* zipped, .* unzipped\n$/);
    assert.match(await readFile(summary, 'utf8'), '### lambda-slim: nothing to complain about');
    const starts = {
      markdown: '<!-- lambda-slim -->\n',
      sarif: '{\n',
      junit: '<?xml ',
      json: '{\n',
      text: `${cwd}/a.zip`,
    };
    for (const [format, start] of Object.entries(starts)) {
      const ran = await runFake(['check', 'a.zip', `--format=${format}`], { cwd, env: {} });
      assert.equal([ran.code, ran.stdout.slice(0, start.length)], [0, start], format);
    }
  }));

test('an unknown format, two at once, and a failure in each format', () =>
  withZips(async cwd => {
    const unknown = await runFake(['check', 'a.zip', '--format', 'yaml'], { cwd });
    assert.equal([unknown.code, unknown.stdout], [2, '']);
    assert.match(unknown.stderr, /USAGE[\s\S]*"sarif"[\s\S]*not "yaml"/);
    assert.is((await runFake(['check', 'a.zip', '--json', '--format', 'sarif'], { cwd })).code, 2);
    const outputs: string[] = [];
    for (const format of ['github', 'markdown', 'sarif', 'junit']) {
      const ran = await runFake(['check', 'gone.zip', '--format', format], { cwd });
      assert.is(ran.code, 2);
      assert.match(ran.stderr, 'INPUT_UNREADABLE');
      outputs.push(ran.stdout);
    }
    assert.match(outputs[0] ?? '', /^::error title=INPUT_UNREADABLE::Cannot read .*gone\.zip/);
    assert.match(outputs[1] ?? '', 'lambda-slim could not run');
    assert.equal(outputs.slice(2), ['', '']);
  }));

test('analyze shows packages, kinds and files with a bar each, in the width there is', () =>
  withZips(async cwd => {
    const ran = await runFake(['analyze', 'b.zip', '--top', '1'], { cwd });
    assert.equal([ran.code, ran.stderr], [0, '']);
    assert.match(ran.stdout, /By package\n +8\.8 KiB +99\.\d % {2}\[#+\] {2}p@1\.1\.0/);
    assert.match(ran.stdout, /By kind\n.*models\n/);
    assert.match(ran.stdout, /Largest files\n.*node_modules\/p\/data\.bin[\s\S]* in 2 others/);
    for (const columns of [40, 60, 100]) {
      const { stdout } = await runFake(['analyze', 'b.zip'], {
        cwd,
        terminal: { isTTY: true, columns },
        env: { NO_COLOR: '1' },
      });
      const plain = stdout.split('\n');
      const rows = plain.filter(line => /^ +[\d.]+ \w+ +[\d.]+ %/.test(line));
      assert.ok(rows.length >= 6 && rows.every(line => line.length <= columns), `${columns}`);
    }
    const { packages, kinds, largest } = JSON.parse(
      (await runFake(['analyze', 'b.zip', '--json'], { cwd })).stdout,
    );
    assert.equal([packages[0].name, kinds[0].name, largest[0].bytes], ['p@1.1.0', 'models', 9000]);
    assert.is((await runFake(['analyze', 'gone.zip'], { cwd })).code, 2);
  }));

test('sbom writes beside the artifact, tells of missing licences, and leaves nothing where it fails', () =>
  withZips(async cwd => {
    const ran = await runFake(['sbom', 'a.zip', '--notices', '--json'], { cwd });
    const { sbom, notices, findings } = JSON.parse(ran.stdout);
    assert.equal(
      [ran.code, findings[0].code, findings[0].packages],
      [0, 'LICENSE_TEXT_MISSING', ['p@1.0.0 (MIT)']],
    );
    assert.equal([sbom, notices], [join(cwd, 'a.cdx.json'), join(cwd, 'a.THIRD-PARTY-NOTICES.txt')]);
    assert.is(JSON.parse(await readFile(sbom, 'utf8')).components[0].purl, 'pkg:npm/p@1.0.0');
    assert.match(await readFile(notices, 'utf8'), 'p@1.0.0 (MIT)');
    const failed = await runFake(['sbom', 'a.zip', '--output', 'a.zip/x.json'], { cwd });
    assert.equal([failed.code, failed.stdout], [2, '']);
    assert.match(failed.stderr, 'OUTPUT_UNWRITABLE');
  }));

const BUILT = {
  'package.json': '{ "type": "module", "dependencies": { "dep": "1.0.0" } }',
  'node_modules/dep/package.json': '{ "name": "dep", "version": "1.0.0", "license": "ISC", "main": "i.js" }',
  'node_modules/dep/i.js': 'exports.deep = () => "of the package";',
  'node_modules/dep/LICENSE': 'The text of ISC',
  'index.mjs': 'import { deep } from "dep"; export const handler = async () => deep();',
  '.git/HEAD': '',
};

test('build judges the budget, and writes an SBOM and notices of what it bundled, which analyze tells as well', () =>
  withProject(BUILT, async cwd => {
    const budget = { unzipped: '10 B', zipped: '1 MB' };
    await writeFile(join(cwd, 'lambda-slim.config.json'), JSON.stringify({ entry: 'index.mjs', budget }));
    const argv = ['build', '--no-cache', '--sbom', 'cyclonedx', '--notices', '--json'];
    const ran = await runFake(argv, { cwd });
    const { findings } = JSON.parse(ran.stdout);
    const exceeded = findings.filter(({ code }: { code: string }) => code === 'BUDGET_EXCEEDED');
    assert.equal([ran.code, exceeded.length, exceeded[0]?.budget], [1, 1, 'unzipped']);
    assert.not(findings.some(({ code }: { code: string }) => code === 'LICENSE_TEXT_MISSING'));
    const out = (name: string): Promise<string> => readFile(join(cwd, 'lambda-slim-out', name), 'utf8');
    assert.equal(
      JSON.parse(await out('function.cdx.json')).components.map(({ purl }: { purl: string }) => purl),
      ['pkg:npm/dep@1.0.0'],
    );
    assert.match(await out('function.THIRD-PARTY-NOTICES.txt'), 'dep@1.0.0 (ISC)\n\nThe text of ISC\n');
    const { packages } = JSON.parse((await runFake(['analyze', '--json'], { cwd })).stdout);
    const own = packages.find(({ name }: { name: string }) => name.startsWith('dep@1.0.0 in '));
    assert.ok(own && own.bytes > 10, JSON.stringify(packages));
    const markdown = await runFake(['build', '--no-cache', '--format', 'markdown'], { cwd });
    assert.equal([markdown.code, markdown.stdout.startsWith('<!-- lambda-slim -->')], [1, true]);
    const plan = await runFake(['analyze', '--plan', '--json', '--no-cache'], { cwd });
    assert.is(JSON.parse(plan.stdout).path, null, plan.stderr);
  }));

/** The Node.js that runs the tests, so that none has to be fetched. */
const RUNTIME = runtimes.find(({ id }) => id === `nodejs${process.versions.node.split('.')[0]}.x`)?.id;

if (process.platform === 'linux' && RUNTIME !== undefined) {
  test('the time to start has a budget where it is measured: build that verifies, and verify', () =>
    withProject({ ...BUILT, 'events/one.json': '{}' }, async cwd => {
      const config = { entry: 'index.mjs', runtime: RUNTIME, arch: process.arch, budget: { initMs: 0.001 } };
      await writeFile(join(cwd, 'lambda-slim.config.json'), JSON.stringify(config));
      const env = { PATH: process.env.PATH ?? '' };
      const budgets = (findings: readonly { readonly budget?: string }[]): readonly unknown[] =>
        findings.flatMap(({ budget }) => budget ?? []);
      const plain = await runFake(['build', '--json'], { cwd, env });
      assert.equal([plain.code, budgets(JSON.parse(plain.stdout).findings)], [0, []]);
      const built = await runFake(['build', '--verify', '--no-cache', '--json'], { cwd, env });
      assert.equal([built.code, budgets(JSON.parse(built.stdout).findings)], [1, ['init']]);
      const verified = await runFake(['verify', '--no-cache', '--json'], { cwd, env });
      const [{ findings }] = JSON.parse(verified.stdout).artifacts;
      assert.equal([verified.code, budgets(findings)], [1, ['init']]);
    }));
}

test.run();
