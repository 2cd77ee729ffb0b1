import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';

/** The real bin beside the code of this test run, so that a stale `dist` proves nothing. */
function withBin(use: (bin: string, dir: string) => Promise<void>): Promise<void> {
  return withTempDir(async dir => {
    const bin = join(dir, 'bin/lambda-slim.js');
    await mkdir(join(dir, 'bin'));
    await copyFile(resolve('bin/lambda-slim.js'), bin);
    await writeFile(join(dir, 'package.json'), '{ "type": "module" }');
    await symlink(fileURLToPath(new URL('../../src', import.meta.url)), join(dir, 'dist'), 'junction');
    await use(bin, dir);
  });
}

/** Without what the runner of these tests says of colours, of which Node.js itself warns on standard error. */
const { NO_COLOR: _no, FORCE_COLOR: _force, ...QUIET } = process.env;

/** `exec` throws on an exit code, which is what is asked for here. */
async function runBin(
  bin: string,
  argv: readonly string[],
  cwd: string,
): Promise<readonly [number, string, string]> {
  const child = spawn(process.execPath, [bin, ...argv], { cwd, env: QUIET });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', data => {
    out.stdout += data;
  });
  child.stderr.on('data', data => {
    out.stderr += data;
  });
  const [code] = await once(child, 'close');
  return [code, out.stdout, out.stderr];
}

test('the bin passes arguments, streams and the exit code', () =>
  withBin(async (bin, dir) => {
    const version = await exec(process.execPath, [bin, '--version'], { cwd: dir });
    assert.match(version.stdout, /^\d+\.\d+\.\d+$/);
    const [code, stdout, stderr] = await runBin(bin, ['build', 'no.ts'], dir);
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, 'HANDLER_NOT_FOUND');
  }));

test('a second signal ends what does not listen to the first', () =>
  withBin(async (bin, dir) => {
    const config = `process.stderr.write('waiting');\nawait new Promise(done => setTimeout(done, 60_000));\nexport default {};`;
    await writeFile(join(dir, 'lambda-slim.config.mjs'), config);
    const child = spawn(process.execPath, [bin, 'plan'], { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
    await once(child.stderr, 'data');
    const again = setInterval(() => child.kill('SIGINT'), 50);
    const [code] = await once(child, 'exit');
    clearInterval(again);
    assert.is(code, 130);
  }));

test('a reader that goes away is no error', () =>
  withBin(async (bin, dir) => {
    const child = spawn(process.execPath, [bin, '--help'], {
      cwd: dir,
      env: QUIET,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', data => {
      stderr += data;
    });
    const [code] = await once(child, 'close');
    assert.equal([code, stderr], [0, '']);
  }));

test.run();
