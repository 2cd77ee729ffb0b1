import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findCgroupBase } from '../../../src/lambda/sandbox/namespace/cgroup.ts';
import { openSandboxHost } from '../../../src/lambda/sandbox/open-sandbox-host.ts';
import { rejects } from '../../helpers/rejects.ts';
import { listKinds, withHost } from './hosts.ts';

const kinds = (await listKinds()).filter(({ isolated }) => isolated);

const isRoot = process.getuid?.() === 0;
const base = await findCgroupBase(new AbortController().signal);

/** Says for each path whether it can be written to, as the shell puts it. */
const tryWrite = (paths: readonly string[]): string =>
  paths.map(path => `( : >'${path}' ) 2>&1 && echo 'wrote ${path}'`).join('\n');

for (const kind of kinds) {
  const isUser = kind.name.startsWith('user');
  test(`${kind.name}: nothing can be written to but /tmp`, () =>
    withHost(kind, makeLayer, async ({ run, spec }) => {
      const places = [
        '/x',
        '/usr/x',
        '/etc/x',
        '/var/task/x',
        '/opt/x',
        '/var/runtime/x',
        '/dev/x',
        '/var/x',
        '/etc/passwd',
      ];
      const { text } = await run(tryWrite(places));
      assert.is(text.match(/Read-only file system/g)?.length, places.length, text);
      assert.is((await run(tryWrite(['/tmp/x']))).text, 'wrote /tmp/x\n');
      assert.equal(await readdir(spec.code), ['handler.js']);
    }));

  test(`${kind.name}: it sees no home, no project, no other process, and what Lambda lacks is missing`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run, dir }) => {
        const paths = [homedir(), process.cwd(), dir, '/sys', '/dev/shm', '/run', '/home', '/mnt'];
        assert.is((await run(paths.map(path => `ls -d '${path}' 2>/dev/null`).join('\n'))).text, '');
        const { text } = await run('ls /; ls -d /proc/[0-9]* | wc -l; id -un; cat /proc/self/status');
        assert.match(
          text,
          /^bin\ndev\netc\n(?:lib\w*\n)+opt\nproc\nsbin\ntmp\nusr\nvar\n\s*\d\nsbx_user1051\n/,
        );
        assert.match(text, /^CapEff:\s+0+$/m);
        assert.match(text, /^NoNewPrivs:\s+1$/m);
      },
    ));

  test(`${kind.name}: no orphan stays a zombie, and at most 1,024 files are open`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const { text } = await run(
          '(sh -c "exit 0" &); (sleep 0.05 &); sleep 0.3; ps -A -o stat= | grep -c Z; ulimit -n',
        );
        assert.is(text, '0\n1024\n');
      },
    ));

  test(`${kind.name}: /tmp is full at its size`, () =>
    withHost(
      kind,
      () => ({ tmpMiB: 40 }),
      async ({ run }) => {
        const { text } = await run('head -c 100000000 /dev/zero >/tmp/big; stat -c %s /tmp/big');
        assert.match(text, /No space left on device/);
        const mib = Number(/(\d+)\n$/.exec(text)?.[1]) / 1024 ** 2;
        assert.ok(mib > 39 && mib < 42, `${mib}`);
      },
    ));

  test(`${kind.name}: an EFS folder is shown under its path, and what is written there lands in it`, () =>
    withHost(
      kind,
      dir => makeMount(dir),
      async ({ run, dir }) => {
        const { text } = await run('cat /mnt/ml/model && echo new >/mnt/ml/written && ls /mnt');
        assert.is(text, 'weights\nml\n');
        assert.is(await readFile(join(dir, 'a mount', 'written'), 'utf8'), 'new\n');
      },
    ));

  test(`${kind.name}: what it runs has the rights of Lambda's user, also where only root may write to the EFS folder`, () =>
    withHost(
      kind,
      dir => makeMount(dir, 0o700),
      async ({ run, host, logs, dir }) => {
        const own = isRoot && !isUser;
        const { text } = await run('cat /mnt/ml/model || : >/mnt/ml/written');
        assert.is(text.match(/Permission denied/g)?.length ?? 0, own ? 2 : 0, text);
        const note = `may not use ${join(dir, 'a mount')}; \`chown 993:990`;
        assert.is(logs().split(note).length - 1, own ? 1 : 0, logs());
        const sandbox = await host.start({ args: ['-c', 'sleep 1000.5'], env: { PATH: '/usr/bin' } });
        for (let round = 0; round < 200 && findUids('sleep\x001000.5').length === 0; round++) await delay(20);
        const uid = own ? 993 : process.getuid?.();
        assert.equal(findUids('sleep\x001000.5'), [`${uid} ${uid} ${uid} ${uid}`]);
        await sandbox.stop();
      },
    ));

  test(`${kind.name}: nothing of the whole machine's can be written to`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const { text } = await run('cat /proc/mounts');
        for (const path of ['/proc/sys', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/sysrq-trigger'])
          if (existsSync(path)) assert.match(text, new RegExp(`^\\S+ ${path} \\S+ ro,`, 'm'));
      },
    ));

  test(`${kind.name}: folders whose top only their owner may open are shown, and stay as they are`, () =>
    withHost(kind, makeClosed, async ({ run, spec, logs }) => {
      const { text } = await run(
        'cat handler.js /opt/one/a /opt/two/a /var/runtime/node_modules/a /var/runtime/bootstrap; ls /opt; : >/opt/x',
      );
      const refused = /: 1: cannot create \/opt\/x: Read-only file system\n$/;
      assert.match(text, refused);
      assert.is(text.replace(/\/bin\/sh.*\n$/, ''), 'codeonetwopackageboot' + 'one\ntwo\n', text);
      for (const folder of [spec.code, ...spec.layers, spec.runtimePackages as string])
        assert.is((await stat(folder)).mode & 0o777, 0o700, folder);
      assert.not.match(logs(), /^Note/m);
    }));

  test(`${kind.name}: a file that only its owner may read is no file of the function, as on Lambda, and that is said`, () =>
    withHost(
      kind,
      dir => writeFile(join(dir, 'code', 'own.js'), 'own', { mode: 0o600 }).then(() => ({})),
      async ({ run, logs, spec }) => {
        const own = isRoot && !isUser;
        const { text } = await run('cat own.js');
        assert.match(text, own ? /own\.js: Permission denied/ : /^own$/);
        assert.is(logs().includes(`may not read ${spec.code}/own.js; \`chmod -R go+rX ${spec.code}\``), own);
      },
    ));

  if (kind.name === 'namespace' && base)
    test(`${kind.name}: what the kernel lets pass is told as no more than the memory size`, () =>
      withHost(
        kind,
        () => ({ interpreter: { file: process.execPath, folders: [] } }),
        async ({ host, logs }) => {
          const hold = `const held = Buffer.alloc(105 * 2 ** 20, 1); console.log(process.memoryUsage.rss()); setInterval(() => held, 1e6)`;
          const sandbox = await host.start({ args: ['-e', hold], env: {} });
          for (let round = 0; round < 200 && !logs(); round++) await delay(20);
          const { maxMemoryBytes } = await sandbox.usage();
          await sandbox.stop();
          const limit = 128 * 2 ** 20;
          assert.ok(Number(logs()) > limit, logs());
          assert.is(maxMemoryBytes, limit);
        },
      ));

  if (isUser)
    test(`${kind.name}: it cannot make user namespaces of its own`, () =>
      withHost(
        kind,
        () => ({}),
        async ({ run }) => {
          const { text } = await run('unshare --user --map-root-user true');
          assert.match(text, /unshare failed/);
        },
      ));

  // The kernel does not count the processes of root.
  if (isUser ? !isRoot : base && kind.name === 'namespace')
    test(`${kind.name}: there are at most 1,024 processes`, () =>
      withHost(
        kind,
        () => ({ memoryMiB: 2048 }),
        async ({ run }) => {
          const { text } = await run('while :; do sleep 1000 & echo; done');
          assert.match(text, /Cannot fork|Resource temporarily unavailable/);
          const count = text.match(/^$/gm)?.length ?? 0;
          assert.ok(count > 1000 && count < 1030, `${count}`);
        },
      ));

  test(`${kind.name}: shows folders of the host where they lie, also in /tmp`, () =>
    withHost(kind, makeVisible, async ({ run, dir }) => {
      const [read, write] = [join(dir, 'read only'), join(dir, 'writable')];
      const { text } = await run(`cat '${read}/a'; echo b >'${write}/b'; : >'${read}/c'`);
      assert.match(text, /^text\n.*Read-only file system\n$/);
      assert.is(await readFile(join(write, 'b'), 'utf8'), 'b\n');
    }));

  test(`${kind.name}: the packages of a runtime lie in node_modules`, () =>
    withHost(kind, makePackages, async ({ run }) => {
      const { text } = await run('cd /var/runtime; cat bootstrap node_modules/pkg/a; ls');
      assert.is(text, 'bootpkgbootstrap\nnode_modules\n');
    }));

  test(`${kind.name}: for Python they lie beside the bootstrap, whose own files win`, () =>
    withHost(kind, makePython, async ({ host, logs }) => {
      const sandbox = await host.start({ args: ["it's"], env: { PATH: '/usr/bin' } });
      assert.equal(await sandbox.exited, { kind: 'exit', code: 0, signal: null });
      await sandbox.stop();
      assert.is(logs(), "bootpkgsixit'sbootstrap\npkg\nsix.py\n");
    }));

  test(`${kind.name}: it leaves no mount, loop device, cgroup or process`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ host, spec, run }) => {
        await run('head -c 1000000 /dev/urandom >/tmp/x');
        const killed = await host.start({ args: ['-c', 'while :; do :; done'], env: {} });
        assert.is((await listTraces(spec.workDir)).length > 0, true);
        await killed.stop();
        await host.close();
        assert.equal(await listTraces(spec.workDir), []);
      },
    ));

  test(`${kind.name}: no command line ever shows a value of the environment`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const value = `${'secret'.repeat(15_000)}-${process.pid}`;
        const seen = watchCommandLines(value);
        for (let round = 0; round < 5; round++)
          assert.is(
            (await run('printf %s "$KEY" | wc -c', { PATH: '/usr/bin', KEY: value, LIST: value })).text,
            `${value.length}\n`,
          );
        assert.equal(await seen(), []);
      },
    ));

  test(`${kind.name}: the environment acts on nothing but the file that is run`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const { text } = await run('echo "$word_1"', { LD_PRELOAD: '/nowhere.so', LC_ALL: 'C' });
        assert.is(text.match(/nowhere\.so/g)?.length, 1, text);
        assert.match(text, /^\n/m);
      },
    ));

  test(`${kind.name}: what it shares between its processes is its own`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ run }) => {
        const [bytes, mode] = [4096 * (1000 + (process.pid % 1000)), '0123'];
        const { exit, text } = await run(
          `ipcmk -M ${bytes} && ipcmk -Q -p ${mode} && ipcmk -S 7 -p ${mode} && cat /proc/sysvipc/*`,
        );
        assert.is(exit.kind === 'exit' && exit.code, 0, text);
        assert.match(text, ` ${bytes} `);
        assert.not.match(await readFile('/proc/sysvipc/shm', 'utf8'), ` ${bytes} `);
        for (const table of ['msg', 'sem'])
          assert.not.match(await readFile(`/proc/sysvipc/${table}`, 'utf8'), /^\s*-?\d+\s+\d+\s+123\s/m);
      },
    ));

  test(`${kind.name}: all of it ends when our own process is killed`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ spec }) => {
        const program = fileURLToPath(new URL('./start-and-wait.js', import.meta.url));
        const script = 'setsid sleep 1000 & echo started; sleep 1000';
        const child = spawn(process.execPath, [program, spec.workDir, kind.name, script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await new Promise(resolve => child.stdout.once('data', resolve));
        assert.is((await listTraces(spec.workDir)).length > 0, true);
        child.kill('SIGKILL');
        for (let round = 0; round < 200 && (await listTraces(spec.workDir, false)).length > 0; round++)
          await delay(20);
        assert.equal(await listTraces(spec.workDir, false), []);
        // Its cgroup is removed by the next who looks for a place for one.
        await findCgroupBase(new AbortController().signal);
        assert.equal(
          (await listGroups()).filter(name => name.includes(`-${child.pid}-`)),
          [],
        );
      },
    ));
}

test('auto takes the best kind, an abort is told and leaves nothing', () =>
  withHost(
    { name: 'auto', isolated: true, open: (spec, signal) => openSandboxHost(spec, 'auto', signal) },
    () => ({}),
    async ({ host, spec }) => {
      const isolated = kinds.length > 0;
      assert.is(host.isolation.kind !== 'process', isolated);
      assert.is(host.isolation.readOnlyCode, isolated);
      await host.close();
      for (const wait of [0, 1, 5, 20, 40]) {
        const abort = new AbortController();
        setTimeout(() => abort.abort(), wait);
        const opened = openSandboxHost(
          { ...spec, visible: [{ folder: `/usr/share`, writable: false }] },
          'auto',
          abort.signal,
        );
        await opened.then(
          other => other.close(),
          error => assert.is(error.code, 'CANCELLED'),
        );
        assert.equal(await readdir(spec.workDir), [], `after ${wait} ms`);
      }
      await rejects(openSandboxHost(spec, 'auto', AbortSignal.abort()), 'CANCELLED');
    },
  ));

if (kinds.length > 0) {
  test('auto never gives up the sandbox for something in it that cannot be shown', () =>
    withHost(
      { name: 'auto', isolated: true, open: (spec, signal) => openSandboxHost(spec, 'auto', signal) },
      () => ({}),
      async ({ spec, dir }) => {
        const mount = { path: '/mnt/ml', folder: join(dir, 'missing') };
        const { signal } = new AbortController();
        const error = await rejects(openSandboxHost({ ...spec, mount }, 'auto', signal), 'SANDBOX_FAILED');
        assert.match(error.message, join(dir, 'missing'));
      },
    ));

  test('auto does without a sandbox where the machine has none, and says why', () =>
    withHost(
      { name: 'none', isolated: false, open: (spec, signal) => openSandboxHost(spec, 'none', signal) },
      () => ({}),
      async ({ spec }) => {
        const { onLog: _, ...plain } = spec;
        const module = new URL('../../../src/lambda/sandbox/open-sandbox-host.js', import.meta.url);
        const code = `
          import { openSandboxHost } from ${JSON.stringify(module)};
          const spec = { ...${JSON.stringify(plain)}, onLog: text => process.stdout.write(text) };
          const host = await openSandboxHost(spec, 'auto', new AbortController().signal);
          console.log(host.isolation.kind);
          await host.close();`;
        const run = 'echo 0 >/proc/sys/user/max_mnt_namespaces && exec "$@"';
        const node = [process.execPath, '--input-type=module', '--eval', code];
        const { stdout, stderr } = spawnSync(
          'unshare',
          ['--user', '--map-root-user', 'sh', '-c', run, 'sh', ...node],
          { encoding: 'utf8' },
        );
        assert.match(stdout, /^Note: this machine has no sandbox .*unshare.*\nprocess\n$/, stderr);
      },
    ));
}

async function makeLayer(dir: string): Promise<{ readonly layers: readonly string[] }> {
  await mkdir(join(dir, 'layer'));
  return { layers: [join(dir, 'layer')] };
}

async function makeMount(dir: string, mode = 0o777) {
  const folder = join(dir, 'a mount');
  await mkdir(folder);
  await chmod(folder, mode);
  await writeFile(join(folder, 'model'), 'weights\n');
  return { mount: { path: '/mnt/ml', folder } };
}

async function makeVisible(dir: string) {
  const [read, write] = [join(dir, 'read only'), join(dir, 'writable')];
  for (const folder of [read, write]) await mkdir(folder);
  await chmod(write, 0o777);
  await writeFile(join(read, 'a'), 'text\n');
  return {
    visible: [
      { folder: read, writable: false },
      { folder: write, writable: true },
    ],
  };
}

/** All that `mkdir` makes where the umask is 077, with names that mean something in options of mounts. */
async function makeClosed(dir: string) {
  const layers = ['one', 'two'].map(name => join(dir, `layer ${name}:,=\\`));
  const packages = join(dir, 'packages:,');
  for (const [folder, path, text] of [
    [layers[0], 'one/a', 'one'],
    [layers[1], 'two/a', 'two'],
    [packages, 'a', 'package'],
  ] as readonly [string, string, string][]) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await chmod(folder, 0o700);
  }
  await chmod(join(dir, 'code'), 0o700);
  await chmod(join(dir, 'runtime'), 0o700);
  await writeFile(join(dir, 'runtime', 'bootstrap'), 'boot', { mode: 0o600 });
  return { layers, runtimePackages: packages };
}

async function makePackages(dir: string) {
  const packages = join(dir, 'packages');
  await mkdir(join(packages, 'pkg'), { recursive: true });
  await writeFile(join(packages, 'pkg', 'a'), 'pkg');
  await writeFile(join(packages, 'six.py'), 'six');
  await writeFile(join(dir, 'runtime', 'bootstrap'), 'boot');
  return { runtimePackages: packages };
}

/** What stands for Python, by its name, is a script in a folder with a name that has to be quoted. */
async function makePython(dir: string) {
  const file = join(dir, 'a =b', 'python3');
  await mkdir(join(dir, 'a =b'));
  await writeFile(file, '#!/bin/sh\ncd /var/runtime; cat bootstrap pkg/a six.py; printf %s "$1"; ls', {
    mode: 0o755,
  });
  const { runtimePackages } = await makePackages(dir);
  await writeFile(join(runtimePackages, 'bootstrap'), 'covered');
  return { runtimePackages, interpreter: { file, folders: [] } };
}

/** Users of the processes with such a command line, as the host has them. */
function findUids(line: string): readonly string[] {
  return readdirSync('/proc').flatMap(pid => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(line)) return [];
      const uids = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return uids === undefined ? [] : [uids.replaceAll('\t', ' ')];
    } catch {
      return [];
    }
  });
}

/** What the kernel still holds for sandboxes of a work folder. */
async function listTraces(workDir: string, withGroups = true): Promise<readonly string[]> {
  const has = (line: string): boolean => line.includes(basename(dirname(workDir)));
  const linesOf = (tool: string, args: readonly string[]): readonly string[] =>
    spawnSync(tool, args, { encoding: 'utf8' }).stdout.split('\n').filter(has);
  const groups = (await listGroups()).filter(name => name.includes(`-${process.pid}-`));
  return [
    ...(await readFile('/proc/mounts', 'utf8')).split('\n').filter(has),
    ...linesOf('losetup', ['-a']),
    ...linesOf('ps', ['-eo', 'args']).filter(line => line.includes('enter.sh')),
    ...(withGroups ? groups : []),
  ];
}

/** Looks at the command lines of all processes, over and over in a thread, until told to stop; gives those with the word in them. */
function watchCommandLines(word: string): () => Promise<readonly string[]> {
  const code = `
    const { readdirSync, readFileSync } = require('node:fs');
    const { parentPort, workerData: { word, flag } } = require('node:worker_threads');
    const seen = new Set();
    const look = pid => {
      try {
        const line = readFileSync('/proc/' + pid + '/cmdline', 'latin1');
        if (line.includes(word)) seen.add(line.replaceAll(word, 'THE WORD'));
      } catch {}
    };
    while (Atomics.load(flag, 0) === 0) readdirSync('/proc').filter(name => name > 0).forEach(look);
    parentPort.postMessage([...seen]);`;
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(code, { eval: true, workerData: { word, flag } });
  return async () => {
    const told = once(worker, 'message');
    Atomics.store(flag, 0, 1);
    return ((await told) as [readonly string[]])[0];
  };
}

const GROUPS = '/sys/fs/cgroup/memory';

async function listGroups(): Promise<readonly string[]> {
  const names = existsSync(GROUPS) ? await readdir(GROUPS) : [];
  return names.filter(name => name.startsWith('lambda-slim-'));
}

test.run();
