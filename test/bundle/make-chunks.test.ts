import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { BundlePool } from '../../src/bundle/bundle-pool.ts';
import { findContents, type GroupedFile } from '../../src/bundle/find-contents.ts';
import type { Piece, ReadPiece } from '../../src/bundle/job-types.ts';
import { makeChunks } from '../../src/bundle/make-chunks.ts';
import { planChunks } from '../../src/bundle/plan-chunks.ts';
import type { ArtifactPath } from '../../src/types.ts';
import { rejects } from '../helpers/rejects.ts';

const MIB = 1024 * 1024;

function file(path: string, mib: number): GroupedFile {
  const source = { kind: 'disk', path: `/project/${path}`, mtimeMs: 1 } as const;
  const entry = { kind: 'file', path: path as ArtifactPath, source, bytes: mib * MIB, mode: 0o644 } as const;
  return { group: 'g', entry: { ...entry, origin: { kind: 'include', pattern: '**' } } };
}

/** Threads that find what `look` says at the n-th look at a file. */
function poolOf(look: (piece: Piece, time: number) => ReadPiece): BundlePool {
  let time = 0;
  const chunk = { sha256: '', bytes: 0, compressedBytes: 0, compressedSha256: '' };
  const read = (pieces: readonly Piece[]) => pieces.map(piece => look(piece, time++));
  return {
    width: 1,
    hash: async pieces => read(pieces),
    make: async pieces => ({ chunk, pieces: read(pieces), data: null }),
  };
}

async function run(files: readonly GroupedFile[], pool: BundlePool): Promise<readonly string[]> {
  const contents = await findContents(files, pool);
  return (await makeChunks(contents, planChunks(contents), 1, pool, async () => {})).hashes;
}

test('a cut-up file has the hash of the whole, and others that of their piece', async () => {
  const pool = poolOf(({ bytes }) => ({ sha256: String(bytes / MIB), stamp: 's' }));
  assert.equal(await run([file('a', 70), file('b', 3)], pool), ['70', '3']);
});

test('a cut-up file that is another at its last look is FILE_CHANGED', async () => {
  for (const last of [1, 2, 3]) {
    const pool = poolOf((_, time) => ({ sha256: 'x', stamp: time >= last ? 'later' : 'first' }));
    const error = await rejects(run([file('model', 70)], pool), 'FILE_CHANGED');
    assert.match(error.message, '/project/model');
  }
});

test('a file that was compared with another, and is not the same when it is compressed, is FILE_CHANGED', async () => {
  const pool = poolOf((_, time) => ({ sha256: time >= 2 ? 'later' : 'first', stamp: 's' }));
  await rejects(run([file('a', 1), file('b', 1)], pool), 'FILE_CHANGED');
});

test('only files of the same size are read twice', async () => {
  const looks: string[] = [];
  const pool = poolOf(({ source }) => {
    looks.push(source.kind === 'disk' ? source.path : '');
    return { sha256: 'same', stamp: 's' };
  });
  const contents = await findContents([file('z', 1), file('b', 2), file('a', 1)], pool);
  assert.equal(looks, ['/project/a', '/project/z']);
  assert.equal(
    contents.map(({ entries }) => entries.map(({ path }) => String(path))),
    [['a', 'z'], ['b']],
  );
});

test.run();
