import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFunction } from '../src/build-function.ts';
import { findRuntime } from '../src/platform/runtimes.ts';
import type { BuildResult, Context, ResolvedFunction } from '../src/types.ts';
import { withTempDir } from '../src/util/fs.ts';
import { HOST_ARCH } from './helpers/invoke.ts';
import { type Files, makeContext, makeFunction, withProject } from './helpers/project.ts';
import { rejects } from './helpers/rejects.ts';

/** The runtime of the Node.js that runs the tests, so that none is fetched. */
const HOST_RUNTIME = findRuntime(`nodejs${process.versions.node.split('.')[0]}.x`);

/** A package that reads its own declarations, which no package does that is well. */
const ODD: Files = {
  'package.json': '{"dependencies":{"odd":"1.0.0"}}',
  'package-lock.json': '{"lockfileVersion":3}',
  'node_modules/odd/package.json': '{"name":"odd","version":"1.0.0","main":"index.js"}',
  'node_modules/odd/index.js': `const fs = require('fs'), path = require('path');
    exports.count = name => fs.readFileSync(path.join(__dirname, name), 'utf8').length;
    exports.seldom = () => require('./seldom' + '.js');`,
  'node_modules/odd/types.d.ts': 'export declare function count(name: string): number;',
  'node_modules/odd/seldom.js': 'module.exports = 1;',
  'node_modules/odd/never.bin': 'x'.repeat(5000),
  'index.mjs': `import odd from 'odd';
    export const handler = async ({ name, seldom }) => seldom ? odd.seldom() : odd.count(name);`,
};

interface Run {
  readonly options?: Partial<ResolvedFunction>;
  readonly context?: Partial<Context>;
}

function buildIn(dir: string, { options = {}, context = {} }: Run = {}): Promise<BuildResult> {
  const fn = makeFunction(dir, {
    platform: { runtime: HOST_RUNTIME, os: 'linux', arch: HOST_ARCH, libc: 'glibc' },
    external: ['odd'],
    ...options,
    verify: {
      enabled: true,
      events: [join(dir, 'events/*.json')],
      tolerance: 0,
      headers: [],
      ignore: [],
      ...options.verify,
    },
  });
  return withTempDir(workDir =>
    buildFunction(fn, join(dir, 'out/function.zip'), makeContext(workDir, context)),
  );
}

const codes = ({ findings }: BuildResult): readonly string[] => findings.map(({ code }) => code);

if (process.platform === 'linux') {
  test('a build whose artifact answers as the original does is the same', () =>
    withProject({ ...ODD, 'events/a.json': '{"name":"package.json"}' }, async dir => {
      const result = await buildIn(dir);
      assert.equal([result.verification?.same, result.verification?.events], [true, ['a']]);
      assert.not.ok(
        codes(result).some(code => code.startsWith('VERIFY')),
        codes(result).join(),
      );
    }));

  test('what a function prints is no report of a fallback that it does not have', () => {
    const line = `LAMBDA_SLIM_MISSED {"path":"node_modules/other/x.js"}`;
    const files = {
      'index.mjs': `export const handler = async () => console.log(${JSON.stringify(line)});`,
      'events/a.json': '{}',
    };
    return withProject({ 'package.json': '{}', ...files }, async dir => {
      const result = await buildIn(dir, { options: { external: [] } });
      assert.is(result.verification?.same, true);
      assert.not.ok(codes(result).includes('FALLBACK_USED'));
    });
  });

  test('a rule that took a file which is read is blamed, with the line that mends it', () =>
    withProject({ ...ODD, 'events/a.json': '{"name":"types.d.ts"}' }, async dir => {
      const result = await buildIn(dir);
      assert.is(result.verification?.same, false);
      const blame = result.findings.find(finding => finding.code === 'VERIFY_BLAME');
      assert.ok(blame?.code === 'VERIFY_BLAME');
      assert.is(blame.rule, 'any-package/type-declarations');
      assert.equal(blame.mend, { setting: 'keep', add: ['node_modules/odd/types.d.ts'] });
      const mended = await buildIn(dir, { options: { keep: ['node_modules/odd/types.d.ts'] } });
      assert.is(mended.verification?.same, true);
    }));

  test('what kept the function from being run is told, and the build is not remembered', () =>
    withProject({ ...ODD, 'events/a.json': '{"name":"package.json"}' }, async dir => {
      const arch = HOST_ARCH === 'x64' ? 'arm64' : 'x64';
      const platform = { runtime: HOST_RUNTIME, os: 'linux', arch, libc: 'glibc' } as const;
      const context = { cacheDir: join(dir, 'cache') };
      const result = await buildIn(dir, { options: { platform }, context });
      assert.ok(codes(result).includes('VERIFY_NOT_RUN'));
      assert.is(result.verification, null);
      assert.is((await buildIn(dir, { options: { platform }, context })).upToDate, false);
    }));

  test('a changed event is a reason to verify again', () =>
    withProject({ ...ODD, 'events/a.json': '{"name":"package.json"}' }, async dir => {
      const context = { cacheDir: join(dir, 'cache') };
      // What was written in the millisecond in which a build starts could have been read in either state.
      await delay(20);
      await buildIn(dir, { context });
      const again = await buildIn(dir, { context });
      assert.is(again.upToDate, true);
      assert.is(again.verification?.same, true);
      await writeFile(join(dir, 'events/b.json'), '{"name":"index.js"}');
      const later = await buildIn(dir, { context });
      assert.equal([later.upToDate, later.verification?.events], [false, ['a', 'b']]);
    }));

  test('level exact takes out what no event needs, and what is fetched again is told', () =>
    withProject({ ...ODD, 'events/a.json': '{"name":"package.json"}' }, async dir => {
      const verify = {
        enabled: true,
        events: [join(dir, 'events/*.json')],
        tolerance: 0,
        headers: [],
        ignore: [],
      };
      const rest = { write: true, fallback: true };
      const result = await buildIn(dir, { options: { level: 'exact', verify, rest } });
      const paths = result.tree.entries.map(({ path }) => path as string);
      assert.not.ok(paths.includes('node_modules/odd/never.bin'));
      assert.is(result.verification?.same, true);
      assert.ok((result.exact?.savedBytes ?? 0) >= 5000);
      assert.is(result.exact?.rest?.path, join(dir, 'out/function.rest.zip'));
      assert.equal((await readdir(join(dir, 'out'))).sort(), [
        'function.manifest.json',
        'function.rest.zip',
        'function.zip',
      ]);
      const manifest = JSON.parse(await readFile(join(dir, 'out/function.manifest.json'), 'utf8'));
      assert.ok(
        manifest.removals.some((gone: { path: string }) => gone.path === 'node_modules/odd/never.bin'),
      );
    }));

  test('level exact refuses to guess', () =>
    withProject(ODD, async dir => {
      await rejects(buildIn(dir, { options: { level: 'exact' } }), 'EXACT_NEEDS_EVENTS');
      assert.equal(await readdir(dir).then(names => names.includes('out')), false);
    }));
}

test.run();
