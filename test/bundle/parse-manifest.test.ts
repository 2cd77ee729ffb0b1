import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CHUNK_BYTES, EMPTY_SHA256, MAX_ENTRIES } from '../../src/bundle/limits.ts';
import { parseManifest } from '../../src/bundle/parse-manifest.ts';
import { parsePointer } from '../../src/bundle/parse-pointer.ts';
import { SlimError } from '../../src/errors.ts';
import { makeBytes } from '../zip/sample-data.ts';

const hash = (letter: string): string => letter.repeat(64);
const chunk = (letter: string, bytes: number) => ({
  sha256: hash(letter),
  bytes,
  compressedBytes: 50,
  compressedSha256: hash(letter === 'a' ? '1' : '2'),
});
const file = (path: string, chunk: number, offset: number, bytes: number, letter = 'f') => ({
  path,
  mode: 0o644,
  bytes,
  sha256: bytes === 0 ? EMPTY_SHA256 : hash(letter),
  chunk,
  offset,
});

type Facts = ReturnType<typeof facts>;
const facts = () => ({
  schema: 1 as unknown,
  name: 'classify',
  encoder: 'zstd-wasm-0.0.27/1',
  files: [
    file('a/one', 0, 0, 60, 'c'),
    file('a/two', 0, 60, 90, 'd'),
    file('b', 0, 0, 60, 'c'),
    file('e', 0, 0, 0),
  ],
  links: [{ path: 'z/link', target: '../b' }] as { path: string; target: string }[],
  chunks: [chunk('a', 100), chunk('b', 50)],
});

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The reason for which a manifest is refused. */
function reasonOf(
  json: Uint8Array,
  parse: (json: Uint8Array, where: string) => unknown = parseManifest,
): string {
  try {
    parse(json, 'here');
  } catch (error) {
    if (!(error instanceof SlimError) || error.code !== 'BUNDLE_INVALID') throw error;
    return error.message;
  }
  return 'accepted';
}

test('a manifest that is right is read as it is', () => {
  assert.equal(parseManifest(bytesOf(facts()), 'here'), facts() as unknown);
  const twice = { ...facts(), chunks: [chunk('a', 75), chunk('a', 75)] };
  assert.equal(parseManifest(bytesOf(twice), 'here').chunks.length, 2);
});

const path = (name: string) => (good: Facts) => ({
  ...good,
  files: [...good.files, { ...file(name, 0, 0, 60, 'c') }].sort((a, b) => (a.path < b.path ? -1 : 1)),
});
const files =
  (...list: readonly unknown[]) =>
  (good: Facts) => ({ ...good, files: list });
const links =
  (...list: readonly unknown[]) =>
  (good: Facts) => ({ ...good, links: list });
const chunks =
  (...list: readonly unknown[]) =>
  (good: Facts) => ({ ...good, chunks: list });
const one = (more: object) => files({ ...file('a', 0, 0, 150), ...more });

const REFUSED: readonly (readonly [string, (good: Facts) => unknown, RegExp])[] = [
  ['absolute', path('/etc/passwd'), /absolute/],
  ['escape', path('a/../../x'), /segment/],
  ['dot', path('./x'), /segment/],
  ['empty segment', path('a//x'), /segment/],
  ['no path', path(''), /empty/],
  ['slash behind', path('x/'), /segment/],
  ['NUL', path('x\0y'), /NUL/],
  ['backslash', path('..\\x'), /backslash/],
  ['drive', path('C:x'), /drive/],
  ['half a surrogate', path('x\ud800'), /Unicode/],
  ['long name', path('x'.repeat(256)), /longer than 255/],
  ['long path', path(`${'xyz/'.repeat(800)}x`), /longer than 3072/],
  ['twice', path('b'), /twice/],
  ['below a file', path('b/x'), /"b" is a file or a link too/],
  ['below a link', path('z/link/x'), /"z\/link" is a file or a link too/],
  ['link and file', links({ path: 'b', target: 'e' }), /twice/],
  ['link out', links({ path: 'l', target: '../b' }), /leads out/],
  ['link absolute', links({ path: 'l', target: '/b' }), /leads out/],
  ['link of nothing', links({ path: 'l', target: '' }), /leads out/],
  ['link with NUL', links({ path: 'l', target: 'b\0' }), /leads out/],
  ['link in a circle', links({ path: 'l', target: 'm' }, { path: 'm', target: 'l' }), /leads out/],
  ['link through a link', links({ path: 'l', target: 'm/../../x' }, { path: 'm', target: 'a' }), /leads out/],
  ['link too long', links({ path: 'l', target: `${'a/'.repeat(2100)}x` }), /longer than 4080/],
  ['link without target', links({ path: 'l' }), /no text/],
  ['unsorted', good => ({ ...good, files: [...good.files].reverse() }), /not sorted/],
  ['unknown key', good => ({ ...good, more: 1 }), /"more"/],
  ['unknown key of a file', one({ uid: 0 }), /"uid"/],
  ['schema', good => ({ ...good, schema: 2 }), /version/],
  ['name', good => ({ ...good, name: '../x' }), /name/],
  ['encoder', good => ({ ...good, encoder: 'x y' }), /encoder/],
  ['mode', one({ mode: 0o4755 }), /mode/],
  ['mode text', one({ mode: '0644' }), /mode/],
  ['hash', one({ sha256: hash('F') }), /hash/],
  ['size text', one({ bytes: '150' }), /whole number/],
  ['size negative', one({ bytes: -1 }), /whole number/],
  ['size fraction', one({ bytes: 149.5 }), /whole number/],
  ['size huge', one({ bytes: 1e15 }), /whole number/],
  ['more bytes than chunks', one({ bytes: 151 }), /more bytes/],
  ['fewer bytes than chunks', one({ bytes: 149 }), /for no file/],
  ['chunk out of bounds', one({ chunk: 2 }), /whole number/],
  ['offset out of bounds', one({ offset: 100 }), /begins behind/],
  ['gap at the beginning', files(file('a', 0, 1, 149)), /for no file/],
  ['gap', files(file('a', 0, 0, 60, 'c'), file('b', 0, 61, 89, 'd')), /for no file/],
  ['overlap', files(file('a', 0, 0, 60, 'c'), file('b', 0, 59, 91, 'd')), /overlaps/],
  ['inside another', files(file('a', 0, 0, 150, 'c'), file('b', 0, 10, 20, 'd')), /overlaps/],
  ['two hashes', files(file('a', 0, 0, 150, 'c'), file('b', 0, 0, 150, 'd')), /two hashes/],
  ['two sizes', files(file('a', 0, 0, 60, 'c'), file('b', 0, 60, 90, 'c')), /hash of another/],
  ['empty with a hash', files({ ...file('a', 0, 0, 0), sha256: hash('a') }), /empty/],
  ['empty in a chunk', files({ ...file('a', 0, 0, 0), offset: 1 }), /whole number/],
  ['chunk too large', chunks(chunk('a', CHUNK_BYTES + 1)), /size of a chunk/],
  ['chunk of nothing', chunks(chunk('a', 0)), /size of a chunk/],
  ['chunk not compressed', chunks({ ...chunk('a', 150), compressedBytes: 400 }), /compressed size/],
  ['chunk with two facts', chunks(chunk('a', 100), { ...chunk('a', 50) }), /listed twice/],
  [
    'two chunks, one file',
    chunks(chunk('a', 100), { ...chunk('b', 50), compressedSha256: hash('1') }),
    /listed twice/,
  ],
  ['chunks without files', files(), /for no file/],
  ['files without chunks', chunks(), /whole number/],
  ['too many', good => ({ ...good, files: new Array(MAX_ENTRIES + 1).fill(0) }), /more than/],
  ['no list', good => ({ ...good, files: {} }), /no list/],
  ['no object', () => null, /no object/],
  ['list', () => [], /no object/],
];

for (const [name, spoil, reason] of REFUSED)
  test(`refused: ${name}`, () => assert.match(reasonOf(bytesOf(spoil(facts()))), reason));

test('refused: what is not JSON or not UTF-8', () => {
  for (const text of ['', '{', '{"schema":1', '\ufeff{}'])
    assert.match(reasonOf(Buffer.from(text)), /not JSON/);
  assert.match(reasonOf(Buffer.from([0x7b, 0xff, 0x7d])), /not JSON/);
});

test('a key that would reach the prototype is only a key', () => {
  const text = JSON.stringify(facts()).replace('{', '{"__proto__":{"x":1},');
  assert.match(reasonOf(Buffer.from(text)), /__proto__/);
});

test('whatever is done to the bytes, it is refused or still holds', () => {
  const good = bytesOf(facts());
  const noise = makeBytes(60_000, 7);
  let accepted = 0;
  for (let round = 0; round < 10_000; round++) {
    const [at = 0, by = 0, how = 0, wide = 0] = noise.subarray(round * 4);
    const spoilt = Buffer.from(good);
    const place = ((at << 8) | by) % good.length;
    if (how % 3 === 0) spoilt[place] = wide;
    else if (how % 3 === 1) spoilt.copyWithin(place, wide % good.length, (wide % good.length) + 9);
    else spoilt.fill(wide, place, Math.min(good.length, place + 1 + (how % 4)));
    if (reasonOf(spoilt) !== 'accepted') continue;
    accepted++;
    const { files, chunks } = parseManifest(spoilt, 'here');
    assert.ok(files.every(({ path }) => !path.split('/').includes('..') && !path.startsWith('/')));
    assert.ok(files.every(({ offset, chunk }) => offset <= (chunks[chunk]?.bytes ?? 0)));
  }
  // Letters of names and hashes may be others; almost nothing else.
  assert.ok(accepted > 100 && accepted < 9000, String(accepted));
});

test('a pointer is read, and one that leads elsewhere is not', () => {
  const good = { schema: 1, name: 'classify', release: hash('a') };
  assert.equal(parsePointer(bytesOf(good), 'here'), good as unknown);
  for (const bad of [
    { ...good, release: '../../x' },
    { ...good, release: `${hash('a')}\n` },
    { ...good, name: '../x' },
    { ...good, schema: '1' },
    { ...good, more: 1 },
    [],
    null,
    'x',
  ]) {
    assert.match(reasonOf(bytesOf(bad), parsePointer), /no bundle that can be trusted/);
  }
});

test.run();
