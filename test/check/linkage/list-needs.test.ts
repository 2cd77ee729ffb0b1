import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listNeeds, type NeedsRow } from '../../../src/check/linkage/list-needs.ts';
import type { NativeEntry, Platform } from '../../../src/types.ts';
import { platformOf } from '../../helpers/check.ts';
import { elfOf } from '../../helpers/elf.ts';

const entry = (path: string, needed: readonly string[], runpath: readonly string[] = []): NativeEntry => ({
  path,
  bytes: 10,
  mode: 0o755,
  native: elfOf({ needed, runpath }),
});

const FILES: readonly NativeEntry[] = [
  entry(
    'pkg/b.so',
    ['libc.so.6', 'libown.so.1', 'libfar.so', 'libnone.so', 'libmade.so'],
    ['$ORIGIN/../own'],
  ),
  entry('own/libown.so.1', []),
  entry('far/libfar.so', ['libc.so.6']),
  { path: 'tool.dll', bytes: 1, mode: 0o644, native: { format: 'pe' } },
];

const list = (platform: Platform | null): readonly NeedsRow[] =>
  listNeeds({ root: { files: FILES, links: [], compressed: ['own/libmade.so'] }, layers: [], platform });

test('each need is found where the linker of the runtime finds it', () => {
  const rows = list(platformOf('python3.12'));
  assert.equal(
    rows.map(({ path }) => path),
    ['far/libfar.so', 'own/libown.so.1', 'pkg/b.so'],
    'sorted, and only what the linker loads',
  );
  assert.equal(rows[2]?.needs, [
    { library: 'libc.so.6', state: 'runtime', path: null },
    { library: 'libown.so.1', state: 'artifact', path: 'own/libown.so.1' },
    { library: 'libfar.so', state: 'elsewhere', path: 'far/libfar.so' },
    { library: 'libnone.so', state: 'missing', path: null },
    { library: 'libmade.so', state: 'compressed', path: null },
  ]);
});

test('without a runtime only the artifact is looked through', () => {
  assert.equal(
    list(null)[2]?.needs.map(({ library, state }) => [library, state]),
    [
      ['libc.so.6', 'unknown'],
      ['libown.so.1', 'artifact'],
      ['libfar.so', 'artifact'],
      ['libnone.so', 'unknown'],
      ['libmade.so', 'unknown'],
    ],
  );
});

test.run();
