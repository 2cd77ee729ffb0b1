import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlanFile, planChunks } from '../../src/bundle/plan-chunks.ts';

const MIB = 1024 * 1024;

/** The paths of each chunk, and how many MiB of each. */
function plan(files: readonly PlanFile[]): readonly string[] {
  return planChunks(files).chunks.map(pieces =>
    pieces.map(({ file, from, bytes }) => `${files[file]?.path}@${from / MIB}+${bytes / MIB}`).join(' '),
  );
}

const of = (group: string, path: string, mib: number): PlanFile => ({ group, path, bytes: mib * MIB });

test('a large file is cut every 32 MiB, and shares its last piece with nobody', () => {
  assert.equal(plan([of('m', 'm/model', 70), of('m', 'm/small', 1)]), [
    'm/model@0+32',
    'm/model@32+32',
    'm/model@64+6',
    'm/small@0+1',
  ]);
  assert.equal(plan([of('m', 'a', 8), of('m', 'b', 32)]), ['a@0+8', 'b@0+32']);
});

test('small files of a group follow each other by path, and are never cut', () => {
  const files = [of('g', 'c', 7), of('g', 'a', 7), of('g', 'b', 7), of('g', 'e', 7), of('g', 'd', 7)];
  assert.equal(plan(files), ['a@0+7 b@0+7 c@0+7 d@0+7', 'e@0+7']);
});

test('a group of 8 MiB has chunks to itself; smaller ones are laid together whole', () => {
  const files = [
    of('big', 'x/1', 4),
    of('big', 'x/2', 4),
    of('a', 'y/1', 5),
    of('a', 'y/2', 1),
    ...['b', 'c', 'd', 'e', 'f'].flatMap(group => [of(group, `${group}/1`, 3), of(group, `${group}/2`, 3)]),
  ];
  assert.equal(plan(files), [
    'x/1@0+4 x/2@0+4',
    'y/1@0+5 y/2@0+1 b/1@0+3 b/2@0+3 c/1@0+3 c/2@0+3 d/1@0+3 d/2@0+3 e/1@0+3 e/2@0+3',
    'f/1@0+3 f/2@0+3',
  ]);
});

test('places tell where each file begins, in the order of the files', () => {
  const files = [of('g', 'b', 2), of('z', 'model', 40), of('g', 'a', 1)];
  assert.equal(planChunks(files).places, [
    { chunk: 2, offset: MIB },
    { chunk: 0, offset: 0 },
    { chunk: 2, offset: 0 },
  ]);
});

test('the order of the files does not matter', () => {
  const files = Array.from({ length: 60 }, (_, i) => of(`g${i % 7}`, `p${i}`, (i % 5) + 0.5));
  assert.equal(plan([...files].reverse()), plan(files));
});

test('nothing needs no chunk', () => {
  assert.equal(planChunks([]), { chunks: [], places: [] });
});

test.run();
