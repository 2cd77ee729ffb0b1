import { type StdioOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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
        assert.is((await sandbox.usage()).maxMemoryBytes, 128 * 1024 ** 2);
        await sandbox.stop();
      },
    ));

  if (process.platform === 'linux')
    test(`${kind.name}: what forks share with their parent counts once`, () =>
      withHost(
        kind,
        () => ({ memoryMiB: 256 }),
        async ({ host, logs }) => {
          const script = `held=$(head -c 60000000 /dev/zero | tr '\\0' x); for at in 1 2 3 4 5; do (sleep 1000; :) & done; echo forked; wait`;
          const sandbox = await host.start({ args: ['-c', script], env: { PATH: '/usr/bin:/bin' } });
          const used = async (): Promise<number> => (await sandbox.usage()).maxMemoryBytes ?? 0;
          for (let round = 0; round < 200 && (!logs() || (await used()) < 60e6); round++) await delay(20);
          await delay(300);
          const bytes = await used();
          assert.ok(bytes > 60e6 && bytes < 240e6, `${bytes}`);
          await sandbox.stop();
          assert.equal([(await sandbox.exited).kind, logs()], ['exit', 'forked\n']);
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
        // Some of them were only on their way to become others.
        await delay(100);
        assert.ok(
          process.platform !== 'linux' || listMarked(mark).length === 5,
          `${listMarked(mark).length}`,
        );
        await sandbox.stop();
        assert.equal(listMarked(mark), []);
      },
    ));

  if (existsSync('/usr/bin/prlimit'))
    test(`${kind.name}: nor is what left its parents and its environment at once still there`, () =>
      withHost(
        kind,
        () => ({}),
        async ({ host, logs }) => {
          const time = `1000.${process.pid}${kind.name.length}`;
          const left = `env -i setsid sh -c '(setsid sleep ${time} &)'`;
          const sandbox = await host.start({
            args: ['-c', `${left}; ${left}; echo started; sleep 1000`],
            env: { PATH: '/usr/bin:/bin' },
          });
          for (let round = 0; round < 200 && !logs(); round++) await delay(20);
          for (let round = 0; round < 200 && listRunning(time).length < 2; round++) await delay(20);
          assert.is(listRunning(time).length, 2);
          await sandbox.stop();
          assert.equal(listRunning(time), []);
        },
      ));

  test(`${kind.name}: files that our own process was started with are not open in it`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ spec, dir }) => {
        await writeFile(join(dir, 'key'), 'secret');
        const script = 'cat /dev/fd/200; ls -l /dev/fd/; echo done';
        const inherited = [openSync('/', 'r'), openSync(join(dir, 'key'), 'r')];
        const program = fileURLToPath(new URL('./start-and-wait.js', import.meta.url));
        const child = spawn(process.execPath, [program, spec.workDir, kind.name, script], {
          stdio: toSlots({ 1: 'pipe', 2: 'inherit', 30: inherited[0], 200: inherited[1] }),
        });
        let text = '';
        for await (const part of child.stdout?.setEncoding('utf8') ?? []) {
          text += part;
          if (text.endsWith('done\n')) break;
        }
        child.kill('SIGKILL');
        for (const file of inherited) closeSync(file);
        assert.not.match(text, 'secret');
        assert.not.match(text, dir);
        assert.not.match(text, /-> \/$/m);
        const files = [...text.matchAll(/ (\d+) -> (.*)$/gm)].map(([, fd, path]) => ({
          fd: Number(fd),
          path,
        }));
        assert.ok(process.platform !== 'linux' || files.length >= 3, text);
        for (const { fd, path } of files) assert.ok(fd < 5 || path === '/dev/null', text);
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

type Slots = Readonly<Record<number, number | 'pipe' | 'inherit' | undefined>>;

/** What `spawn` shall do with each file, with gaps between them. */
function toSlots(slots: Slots): StdioOptions {
  const last = Math.max(...Object.keys(slots).map(Number));
  return Array.from({ length: last + 1 }, (_, fd) => slots[fd] ?? 'ignore');
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

/** Processes that run `sleep` for so long. */
function listRunning(time: string): readonly string[] {
  return readdirSync('/proc').filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\0${time}\0`;
    } catch {
      return false;
    }
  });
}

test.run();
