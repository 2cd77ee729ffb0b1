import { spawnSync } from 'node:child_process';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode } from '../../src/lambda/find-node.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { HOST_ARCH, invokeCode, invokeFiles } from '../helpers/invoke.ts';
import { withProject } from '../helpers/project.ts';
import { PRINT_MUCH } from '../lambda/bootstrap/print-much.ts';

const HOST_MAJOR = process.versions.node.split('.')[0] ?? '';
const OTHERS = ['22', '24'].filter(major => major !== HOST_MAJOR);
const signal = new AbortController().signal;
const REPORT_VERSION = `export const handler = async () => process.version;`;

if (process.platform === 'linux') {
  for (const major of OTHERS) {
    test(`Node.js ${major} is fetched once and runs the function of its runtime`, () =>
      withProject({}, async cacheDir => {
        const version = findNodeVersion(major);
        const runtime = `nodejs${major}.x`;
        const first = await invokeCode(REPORT_VERSION, { runtime, cacheDir });
        assert.equal([first.answer, first.error], [`v${version}`, null]);
        assert.not.match(first.log, 'Note:');
        assert.equal(await readdir(join(cacheDir, 'node')), [`${version}-${HOST_ARCH}`]);
        const { path } = await findNode(major, HOST_ARCH, { dir: cacheDir, signal });
        const { ino, mtimeMs } = await stat(path);
        assert.is((await invokeCode(REPORT_VERSION, { runtime, cacheDir })).answer, `v${version}`);
        const after = await stat(path);
        assert.equal([after.ino, after.mtimeMs], [ino, mtimeMs]);

        await rm(path);
        assert.is(
          (await invokeCode(REPORT_VERSION, { runtime, cacheDir })).answer,
          `v${version}`,
          'a damaged one is fetched anew',
        );
        assert.equal(await readdir(join(cacheDir, 'node')), [`${version}-${HOST_ARCH}`]);

        const much = await invokeCode(PRINT_MUCH, { runtime, cacheDir });
        assert.equal([much.answer, much.error], ['printed', null]);
        assert.is(much.log.match(/^y$/gm)?.length, 15_000_000, 'nothing printed is lost');

        if (major === '22') await refusesModuleSyntax(cacheDir);
      }));
  }
}

/** Node.js 22 on Lambda does not look into a .js file for what it is. */
async function refusesModuleSyntax(cacheDir: string): Promise<void> {
  const { error } = await invokeFiles({ 'index.js': REPORT_VERSION }, { runtime: 'nodejs22.x', cacheDir });
  assert.is(error?.errorType, 'Runtime.UserCodeSyntaxError', JSON.stringify(error));
}

test('a release is fetched for one run where nothing may be kept', async () => {
  const [major = '24'] = OTHERS;
  const { answer } = await invokeCode(REPORT_VERSION, { runtime: `nodejs${major}.x`, cacheDir: null });
  const expected = process.platform === 'linux' ? findNodeVersion(major) : process.versions.node;
  assert.is(answer, `v${expected}`);
});

test('without a network the Node.js of the host stands in, and the user is told', () =>
  withProject({}, async cacheDir => {
    const [major = '24'] = OTHERS;
    const helper = new URL('../helpers/invoke.js', import.meta.url).href;
    const script = `
      import { invokeCode } from ${JSON.stringify(helper)};
      const settings = { runtime: ${JSON.stringify(`nodejs${major}.x`)}, cacheDir: process.argv[1] };
      console.log(JSON.stringify(await invokeCode(${JSON.stringify(REPORT_VERSION)}, settings)));`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script, cacheDir], {
      encoding: 'utf8',
      env: {
        ...process.env,
        npm_config_registry: 'http://127.0.0.1:9',
        npm_config_cache: join(cacheDir, 'npm'),
      },
    });
    assert.is(ran.status, 0, ran.stderr);
    const { answer, error, log } = JSON.parse(ran.stdout);
    assert.equal([answer, error], [process.version, null]);
    assert.match(
      log,
      `Note: nodejs${major}.x is not to be had here; this runs on Node.js ${process.versions.node}.\n`,
    );
    assert.equal(await readdir(join(cacheDir, 'node')).catch(() => []), []);
  }));

test.run();
