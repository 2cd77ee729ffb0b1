import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { countMemory } from '../../../src/lambda/sandbox/count-memory.ts';
import { watchMemory } from '../../../src/lambda/sandbox/memory-watch.ts';
import { mergeFolders } from '../../../src/lambda/sandbox/merge-folders.ts';
import { formatMountTable } from '../../../src/lambda/sandbox/namespace/mount-table.ts';
import { readStatus } from '../../../src/lambda/sandbox/namespace/read-status.ts';
import { imageBytes } from '../../../src/lambda/sandbox/namespace/tmp-image.ts';
import { followProcesses } from '../../../src/lambda/sandbox/process/own-processes.ts';
import { type ProcessEntry, parsePs } from '../../../src/lambda/sandbox/process/process-table.ts';
import { parseMaps } from '../../../src/lambda/sandbox/read-mappings.ts';
import { withTempDir } from '../../../src/util/fs.ts';

const entry = (pid: number, parent: number, group = pid, start = '1'): ProcessEntry => ({
  pid,
  parent,
  group,
  start,
  residentBytes: 0,
});

const pidsOf = (entries: readonly ProcessEntry[]): readonly number[] => entries.map(({ pid }) => pid);

test('a process stays known when its parent is gone, and its number is not taken for it when given away again', () => {
  const own = followProcesses(10);
  assert.equal(
    pidsOf(own.pick([entry(1, 0), entry(10, 1), entry(11, 10, 10), entry(12, 11, 12), entry(20, 1)])),
    [10, 11, 12],
  );
  assert.equal(pidsOf(own.pick([entry(1, 0), entry(12, 1, 12), entry(13, 12, 13)])), [12, 13]);
  assert.equal(
    pidsOf(own.pick([entry(1, 0), entry(12, 1, 12, '9'), entry(10, 1, 10, '9'), entry(13, 1, 13)])),
    [13],
  );
});

test('reads what ps of macOS prints', () => {
  const text =
    '    1     0     1  12345 Ss   Thu Jan  1 01:00:00 2026\n 77     1    77   2048 S+   Thu Jan  1 01:00:05 2026   \n 78 77 77 0 Z Thu Jan  1 01:00:06 2026\n';
  assert.equal(parsePs(text), [
    { pid: 1, parent: 0, group: 1, start: 'Thu Jan  1 01:00:00 2026', residentBytes: 12_641_280 },
    { pid: 77, parent: 1, group: 77, start: 'Thu Jan  1 01:00:05 2026', residentBytes: 2_097_152 },
  ]);
});

test('of the mappings, those count that are code in regular files', () => {
  const text = [
    '55d0-55d1 r--p 00000000 fe:00 123                        /usr/bin/node',
    '55d1-55d2 r-xp 00001000 fe:00 123                        /usr/bin/node',
    '7f00-7f01 r-xp 00000000 fe:00 124                        /var/task/a b (1).so',
    '7f01-7f02 r-xp 00000000 fe:00 125                        /tmp/gone.so (deleted)',
    '7f02-7f03 r-xp 00000000 00:00 0                          [vdso]',
    '7f03-7f04 rwxp 00000000 00:01 9                          /memfd:jit (deleted)',
    '7f04-7f05 r-xp 00000000 00:00 0 ',
  ].join('\n');
  assert.equal(parseMaps(text), ['/usr/bin/node', '/var/task/a b (1).so']);
});

test('a table of mounts holds any path in one field', () => {
  const line = { source: '/a b\\c', target: '/x\ty\n', type: 'none', options: ['bind', 'ro'] } as const;
  assert.is(
    formatMountTable('/ro ot', [line, { ...line, target: '/' }]),
    '/a\\040b\\134c /ro\\040ot/x\\011y\\012 none bind,ro 0 0\n/a\\040b\\134c /ro\\040ot none bind,ro 0 0\n',
  );
});

test('the image for /tmp is a little larger than what is free on it', () => {
  for (const mib of [512, 10_240]) {
    const ratio = imageBytes(mib) / (mib * 1024 ** 2);
    assert.ok(ratio > 1.01 && ratio < 1.05, `${ratio}`);
  }
});

const statusOf = async (...texts: readonly string[]) => {
  const stream = new PassThrough();
  const status = readStatus(stream);
  for (const text of texts) stream.write(text);
  stream.destroy();
  await delay(10);
  return { init: status.init(), problem: await status.ready, exit: await status.closed };
};

test('a status tells the first process, what went wrong, and how the command ended', async () => {
  assert.equal(await statusOf('init 7\nrea', 'dy\nended 0\n'), {
    init: 7,
    problem: null,
    exit: { kind: 'exit', code: 0, signal: null },
  });
  assert.equal((await statusOf('ready\nKilled\nended 137\n')).exit, {
    kind: 'exit',
    code: null,
    signal: 'SIGKILL',
  });
  assert.equal((await statusOf('ready\nended 137\n')).exit, { kind: 'exit', code: 137, signal: null });
  assert.equal(await statusOf('init 7\nmount: no\n', 'more'), {
    init: 7,
    problem: 'mount: no\nmore',
    exit: null,
  });
});

test('merging keeps links and modes, and changes nothing of what is merged', () =>
  withTempDir(async dir => {
    const [a, b] = [join(dir, 'a'), join(dir, 'b')];
    for (const folder of [a, b]) await mkdir(join(folder, 'x'), { recursive: true });
    await writeFile(join(a, 'x', 'file'), 'a', { mode: 0o755 });
    await symlink('x/file', join(a, 'link'));
    await symlink('nowhere', join(b, 'link'));
    await writeFile(join(b, 'x', 'file'), 'b');
    const into = join(dir, 'into');
    await mergeFolders([a, b], into, new AbortController().signal);
    assert.equal(await readdir(into), ['link', 'x']);
    assert.is(await readFile(join(into, 'x', 'file'), 'utf8'), 'b');
    assert.is(await readFile(join(a, 'x', 'file'), 'utf8'), 'a');
  }));

const MIB = 1024 ** 2;

/** A process of a made-up `/proc`, which was listed with 300 MiB; what is not named cannot be read. */
interface MadeUp {
  readonly nowMiB?: number;
  readonly shareMiB?: number;
  readonly parent?: number;
  readonly waits?: boolean;
}

const countMadeUp = (processes: readonly MadeUp[], seenMiB = 0): Promise<number> =>
  withTempDir(async proc => {
    const pageBytes = Number(spawnSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }).stdout);
    for (const [pid, { nowMiB, shareMiB, waits }] of processes.entries()) {
      const folder = join(proc, String(pid));
      await mkdir(join(folder, 'task', '9'), { recursive: true });
      await writeFile(join(folder, 'task', '9', 'stat'), `9 (a) D) ${waits ? 'D' : 'S'} 1 0`);
      const stat = `${pid} (a) b) S ${'0 '.repeat(20)}${((nowMiB ?? 0) * MIB) / pageBytes} 0`;
      if (nowMiB !== undefined) await writeFile(join(folder, 'stat'), stat);
      const shares = `Rss:   307200 kB\nPss:   ${(shareMiB ?? 0) * 1024} kB\nPss_Dirty:   1024 kB\n`;
      if (shareMiB !== undefined) await writeFile(join(folder, 'smaps_rollup'), shares);
    }
    const entries = processes.map(({ parent = -1 }, pid) => ({
      ...entry(pid, parent),
      residentBytes: 300 * MIB,
    }));
    return countMemory(proc, entries, seenMiB * MIB) / MIB;
  });

if (process.platform === 'linux')
  test('of the memory of several processes, each has its share', async () => {
    const whole = { nowMiB: 310, shareMiB: 200 };
    assert.is(await countMadeUp([whole, whole]), 400);
    assert.is(await countMadeUp([whole]), 300, 'one shares with nobody');
    assert.is(await countMadeUp([whole, { nowMiB: 310 }]), 510, 'resident where the share is not told');
    assert.is(await countMadeUp([whole, whole, { shareMiB: 200 }]), 400, 'one that ended has none');
    assert.is(await countMadeUp([whole, whole, { nowMiB: 5, shareMiB: 200 }]), 400, 'nor another program');
    const all = { nowMiB: 300, shareMiB: 300 };
    assert.is(await countMadeUp([all, { ...all, parent: 0 }, whole]), 800);
    assert.is(
      await countMadeUp([{ ...all, waits: true }, { ...all, parent: 0 }, whole]),
      500,
      'one after a vfork has none',
    );
    const small = { nowMiB: 300, shareMiB: 100 };
    assert.is(await countMadeUp([small, small]), 300, 'not less than what one has');
    assert.is(await countMadeUp([whole, whole], 600), 600, 'not looked at, as no more than was seen');
  });

test('a memory watch tells once, says what it has seen, and stops', async () => {
  let bytes = 1;
  let told = 0;
  let looks = 0;
  let known = -1;
  const watch = watchMemory({
    measure: seen => {
      looks++;
      known = seen;
      return bytes;
    },
    limitBytes: 10,
    onExceeded: () => {
      told++;
    },
  });
  await delay(0);
  assert.equal([told, known], [0, 0]);
  bytes = 11;
  await watch.look();
  await watch.look();
  assert.is(told, 1);
  bytes = 5;
  await watch.look();
  assert.equal([watch.peak(), known], [11, 11]);
  watch.stop();
  const before = looks;
  await delay(100);
  assert.is(looks, before);
});

test.run();
