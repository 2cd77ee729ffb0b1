import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findCgroupBase } from '../../../src/lambda/sandbox/namespace/cgroup.ts';
import { openSandboxHost } from '../../../src/lambda/sandbox/open-sandbox-host.ts';
import { rejects } from '../../helpers/rejects.ts';
import { listKinds, withHost } from './hosts.ts';

const kinds = (await listKinds()).filter(({ isolated }) => isolated);

/** Says for each path whether it can be written to, as the shell puts it. */
const tryWrite = (paths: readonly string[]): string =>
  paths.map(path => `( : >'${path}' ) 2>&1 && echo 'wrote ${path}'`).join('\n');

for (const kind of kinds) {
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
    withHost(kind, makeMount, async ({ run, dir }) => {
      const { text } = await run('cat /mnt/ml/model && echo new >/mnt/ml/written && ls /mnt');
      assert.is(text, 'weights\nml\n');
      assert.is(await readFile(join(dir, 'a mount', 'written'), 'utf8'), 'new\n');
    }));

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

  test(`${kind.name}: all of it ends when our own process is killed`, () =>
    withHost(
      kind,
      () => ({}),
      async ({ spec }) => {
        const program = fileURLToPath(new URL('./start-and-wait.js', import.meta.url));
        const child = spawn(process.execPath, [program, spec.workDir, kind.name], {
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

async function makeLayer(dir: string): Promise<{ readonly layers: readonly string[] }> {
  await mkdir(join(dir, 'layer'));
  return { layers: [join(dir, 'layer')] };
}

async function makeMount(dir: string) {
  const folder = join(dir, 'a mount');
  await mkdir(folder);
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

const GROUPS = '/sys/fs/cgroup/memory';

async function listGroups(): Promise<readonly string[]> {
  const names = existsSync(GROUPS) ? await readdir(GROUPS) : [];
  return names.filter(name => name.startsWith('lambda-slim-'));
}

test.run();
