import { readdirSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { rejects } from '../../helpers/rejects.ts';
import { listKinds, withHost } from './hosts.ts';

for (const kind of await listKinds()) {
  test(`${kind.name}: runs in the folder of the code, with the given environment and no more`, () =>
    withHost(
      kind,
      () => ({ interpreter: { file: '/usr/bin/env', folders: [] } }),
      async ({ host, logs }) => {
        const env = { PATH: '/usr/bin', EMPTY: '', 'odd name': 'a\nb \\ "c\' $HOME\n', go: 'go' };
        const sandbox = await host.start({ args: ['-0'], env });
        assert.equal(await sandbox.exited, { kind: 'exit', code: 0, signal: null });
        await sandbox.stop();
        const entries = logs()
          .split('\0')
          .slice(0, -1)
          .map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
        assert.equal(Object.fromEntries(entries), env);
      },
    ));

  test(`${kind.name}: exit codes and signals come through`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run, host }) => {
        const exitOf = async (script: string) => (await run(script)).exit;
        assert.equal(await exitOf('exit 0'), { kind: 'exit', code: 0, signal: null });
        assert.equal(await exitOf('exit 7'), { kind: 'exit', code: 7, signal: null });
        assert.equal(await exitOf('exit 137'), { kind: 'exit', code: 137, signal: null });
        assert.equal(await exitOf('kill -KILL $$'), { kind: 'exit', code: null, signal: 'SIGKILL' });
        assert.equal(await exitOf('kill -ABRT $$'), { kind: 'exit', code: null, signal: 'SIGABRT' });
        assert.equal(await exitOf('kill -SEGV $$'), { kind: 'exit', code: null, signal: 'SIGSEGV' });
        assert.equal(await exitOf('kill -TERM $$'), { kind: 'exit', code: null, signal: 'SIGTERM' });
        assert.equal((await run('pwd; cat handler.js')).text, `${host.places.task}\ncode`);
      },
    ));

  test(`${kind.name}: tells all that is printed, without breaking characters, and no word of its own`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const { text } = await run(
          "printf '\\342\\202'; sleep 0.1; printf '\\254'; sleep 0.1; echo err >&2; kill -KILL $$",
        );
        assert.is(text, '€err\n');
        const flood = await run('yes 0123456789 | head -c 20000000');
        assert.is(flood.text.length, 20_000_000);
      },
    ));

  test(`${kind.name}: later layers cover earlier ones, also a folder by a file`, () =>
    withHost(kind, makeLayers, async ({ run, spec, dir }) => {
      const { text } = await run(`cd "$OPT" && cat a b lib/c lib/d; ls`);
      assert.is(text, '2112a\nb\nfolder\nlib\n');
      assert.equal((await run('cat "$OPT"/folder')).text, 'file');
      assert.equal(await readdir(join(dir, 'layer one')), ['a', 'b', 'folder', 'lib']);
      assert.is(spec.layers.length, 2);
    }));

  test(`${kind.name}: /tmp is empty at each start`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run, host, spec }) => {
        const script = `cd "$TMP" && ls -A && echo x >left && head -c 3000000 /dev/zero >big`;
        const first = await run(script);
        assert.equal(first.text, '');
        assert.equal((await run(script)).text, '');
        await host.close();
        assert.equal(await readdir(spec.workDir), []);
      },
    ));

  test(`${kind.name}: tells memory, bytes in /tmp and what is mapped`, () =>
    withHost(
      kind,
      () => ({ interpreter: { file: process.execPath, folders: [] }, memoryMiB: 512 }),
      async ({ host }) => {
        const code = `const held = Buffer.alloc(150e6, 1); require('fs').writeFileSync(process.argv[1] + '/x', held.subarray(0, 5e6)); setInterval(() => held, 1e6)`;
        const sandbox = await host.start({ args: ['-e', code, host.places.tmp], env: {} });
        const wait = async () => {
          for (let round = 0; round < 200; round++) {
            const usage = await sandbox.usage();
            if ((usage.tmpBytes ?? 0) >= 5e6) return usage;
            await delay(20);
          }
          throw new Error('it never wrote');
        };
        const usage = await wait();
        assert.ok(
          (usage.maxMemoryBytes ?? 0) > 150e6 && (usage.maxMemoryBytes ?? 0) < 300e6,
          `${usage.maxMemoryBytes}`,
        );
        assert.ok((usage.tmpBytes ?? 0) < 5.2e6, `${usage.tmpBytes}`);
        assert.type(usage.readBytes, 'number');
        const loaded = await sandbox.loaded();
        assert.ok(
          loaded.some(path => /\/libc\.so\.6$/.test(path)),
          loaded.join(),
        );
        assert.equal([...new Set(loaded)].sort(), loaded);
        await sandbox.stop();
        await sandbox.stop();
        assert.equal(await sandbox.exited, { kind: 'exit', code: null, signal: 'SIGKILL' });
      },
    ));

  test(`${kind.name}: the signal ends a sandbox, and none starts after it`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ host, abort }) => {
        const sandbox = await host.start({ args: ['-c', 'sleep 1000; :'], env: { PATH: '/usr/bin:/bin' } });
        abort();
        assert.equal(await sandbox.exited, { kind: 'exit', code: null, signal: 'SIGKILL' });
        await sandbox.stop();
        await rejects(host.start({ args: [], env: {} }), 'CANCELLED');
      },
    ));

  test(`${kind.name}: names what is mapped as Lambda would`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ host, spec }) => {
        await copyFile('/bin/sleep', join(spec.code, 'a sleep.so'));
        const sandbox = await host.start({ args: ['-c', '"./a sleep.so" 1000; :'], env: {} });
        for (let round = 0; round < 200 && (await sandbox.loaded()).length < 4; round++) await delay(20);
        if (process.platform === 'linux')
          assert.ok((await sandbox.loaded()).includes('/var/task/a sleep.so'));
        await sandbox.stop();
      },
    ));

  test(`${kind.name}: kills what uses more than its memory`, () =>
    withHost(
      kind,
      () => ({ interpreter: { file: process.execPath, folders: [] } }),
      async ({ host }) => {
        const eat =
          'const a = []; setInterval(() => a.push(Buffer.alloc(10e6, 1)) > 80 && process.exit(0), 20)';
        const sandbox = await host.start({ args: ['-e', eat], env: {} });
        assert.equal(await sandbox.exited, { kind: 'out-of-memory' });
        assert.ok(((await sandbox.usage()).maxMemoryBytes ?? 0) > 100e6);
        await sandbox.stop();
      },
    ));

  test(`${kind.name}: children, daemons and double forks are gone after a stop`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ host, logs }) => {
        const mark = `sandbox-${process.pid}-${Math.random()}`;
        const script = `sleep 1000.1 & setsid sleep 1000.2 & (setsid sh -c 'sleep 1000.3 & exit' &); echo started; sleep 1000.4`;
        const env = { PATH: '/usr/bin:/bin', MARK: mark, AWS_LAMBDA_RUNTIME_API: mark };
        const sandbox = await host.start({ args: ['-c', script], env });
        for (let round = 0; round < 200 && (listMarked(mark).length < 5 || !logs()); round++) await delay(20);
        assert.ok(
          process.platform !== 'linux' || listMarked(mark).length === 5,
          `${listMarked(mark).length}`,
        );
        await sandbox.stop();
        assert.equal(listMarked(mark), []);
      },
    ));

  test(`${kind.name}: what cannot be started says why`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ host, spec, dir }) => {
        assert.ok(host.isolation.kind);
        await chmod(spec.code, 0o755);
        const missing = { ...spec, code: join(dir, 'nowhere') };
        try {
          const other = await kind.open(missing, new AbortController().signal);
          const sandbox = await other.start({ args: [], env: {} });
          const exit = await sandbox.exited;
          assert.is(exit.kind, 'not-started');
          await sandbox.stop();
          await other.close();
        } catch (error) {
          assert.match(String(error), /ENOENT/);
        }
        assert.is((await readdir(spec.workDir)).length, 1);
      },
    ));
}

async function makeLayers(dir: string): Promise<{ readonly layers: readonly string[] }> {
  const [one, two] = [join(dir, 'layer one'), join(dir, "layer 'two':,\n")];
  for (const layer of [one, two]) {
    await mkdir(join(layer, 'lib'), { recursive: true });
    await writeFile(join(layer, 'a'), layer === one ? '1' : '2');
  }
  await writeFile(join(one, 'b'), '1');
  await writeFile(join(one, 'lib/c'), '1');
  await writeFile(join(two, 'lib/d'), '2');
  await mkdir(join(one, 'folder'));
  await writeFile(join(two, 'folder'), 'file');
  return { layers: [one, two] };
}

/** Running processes with the mark in their environment. */
function listMarked(mark: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  const has = (pid: string): boolean => {
    try {
      const isDead = /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return !isDead && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter(name => /^\d+$/.test(name) && has(name));
}

test.run();
