import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { checkFile, platformOf } from '../helpers/check.ts';

async function install(dir: string, ...packages: readonly string[]): Promise<void> {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefix', dir];
  await exec('npm', ['install', ...options, ...packages], { cwd: dir });
}

const briefly = async (dir: string, runtime: string): Promise<readonly string[]> => {
  const { findings } = await checkFile(dir, platformOf(runtime));
  return findings
    .filter(({ code }) => code === 'NODE_ABI_MISMATCH')
    .map(finding => `${finding.level} ${'abis' in finding ? finding.abis : ''}`);
};

test("Datadog's profiler brings a build for every Node.js; without the right one it fails", () =>
  withTempDir(async dir => {
    await install(dir, '@datadog/pprof@5.20.0');
    assert.equal(await briefly(dir, 'nodejs24.x'), ['warning 108,111,115,120,127,131,141,147']);
    assert.equal(await briefly(dir, 'nodejs20.x'), ['warning 108,111,120,127,131,137,141,147']);
    const folder = join(dir, 'node_modules/@datadog/pprof/prebuilds/linux-x64');
    for (const name of await readdir(folder)) if (name.includes('abi137')) await rm(join(folder, name));
    assert.equal(await briefly(dir, 'nodejs24.x'), ['error 108,111,115,120,127,131,141,147']);
    assert.equal(await briefly(dir, 'nodejs22.x'), ['warning 108,111,115,120,131,141,147']);
  }));

test('deasync: the older builds say their ABI in a struct only, the newer ones use Node-API and load everywhere', () =>
  withTempDir(async dir => {
    await install(dir, 'deasync@0.1.32');
    assert.equal(await briefly(dir, 'nodejs24.x'), ['info 14,46,47,48,51,57,59']);
    const bin = join(dir, 'node_modules/deasync/bin');
    for (const name of await readdir(bin))
      if (name !== 'linux-x64-node-9') await rm(join(bin, name), { recursive: true });
    assert.equal(await briefly(dir, 'nodejs24.x'), ['error 59']);
  }));

test("Sentry's profiler names its files by ABI, and yet is one of Node-API", () =>
  withTempDir(async dir => {
    await install(dir, '@sentry-internal/node-cpu-profiler@2.4.1', 'bufferutil@4.0.9', 'sodium-native@5.0.0');
    for (const runtime of ['nodejs20.x', 'nodejs24.x']) assert.equal(await briefly(dir, runtime), []);
  }));

test.run();
