import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findTwins } from '../../src/native/find-twins.ts';
import { elfOf } from '../helpers/elf.ts';

const twinsOf = (
  paths: Readonly<Record<string, string>>,
  natives: Parameters<typeof findTwins>[1] = new Map(),
) =>
  Object.fromEntries(
    findTwins(
      Object.entries(paths).map(([path, hash]) => ({ path, hash })),
      natives,
    ),
  );

test('the first of equal files stays, the others point to it', () => {
  assert.equal(twinsOf({ 'c.bin': 'x', 'a.bin': 'x', 'b.bin': 'y', 'd.bin': 'x' }), {
    'c.bin': 'a.bin',
    'd.bin': 'a.bin',
  });
});

test('a library that finds another dependency from its other place stays', () => {
  const user = elfOf({ needed: ['libdep.so'], runpath: ['$ORIGIN'] });
  const natives = new Map([
    ['a/libx.so', user],
    ['a/libdep.so', elfOf({})],
    ['b/libx.so', user],
    ['b/libdep.so', elfOf({})],
  ]);
  const different = { 'a/libx.so': 'x', 'b/libx.so': 'x', 'a/libdep.so': 'd1', 'b/libdep.so': 'd2' };
  assert.equal(twinsOf(different, natives), {});
  const equal = { ...different, 'b/libdep.so': 'd1' };
  assert.equal(twinsOf(equal, natives), { 'b/libdep.so': 'a/libdep.so', 'b/libx.so': 'a/libx.so' });
});

test('a dependency that is found from one place only keeps the library whole', () => {
  const user = elfOf({ needed: ['libdep.so'], rpath: ['\u0024{ORIGIN}/../dep'] });
  const natives = new Map([
    ['a/x/libx.so', user],
    ['a/dep/libdep.so', elfOf({})],
    ['b/x/libx.so', user],
  ]);
  assert.equal(twinsOf({ 'a/x/libx.so': 'x', 'b/x/libx.so': 'x', 'a/dep/libdep.so': 'd' }, natives), {});
});

test('names of one folder may always be one file', () => {
  const natives = new Map([
    ['a/liba.so', elfOf({ needed: ['libdep.so'], runpath: ['$ORIGIN'] })],
    ['a/liba.so.1', elfOf({ needed: ['libdep.so'], runpath: ['$ORIGIN'] })],
  ]);
  assert.equal(twinsOf({ 'a/liba.so': 'x', 'a/liba.so.1': 'x' }, natives), { 'a/liba.so.1': 'a/liba.so' });
});

test.run();
