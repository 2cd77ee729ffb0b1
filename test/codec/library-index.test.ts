import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LibraryIndex, makeLibraryIndex, parseLibraryIndex } from '../../src/codec/library-index.ts';

const chunk = (offset: number, bytes: number, at: number): LibraryIndex['files'][0]['chunks'][0] => ({
  ...{ offset, bytes, at, compressedBytes: 10, crc32: 305419896, format: 'zstd', filter: 'x86' },
});

const index = (): LibraryIndex =>
  makeLibraryIndex({
    files: [
      {
        ...{ path: 'node_modules/x/libx.so.1', mode: '0755', bytes: 120, blob: '0-libx.so.1.zstd' },
        chunks: [chunk(0, 100, 0), chunk(100, 20, 10)],
      },
    ],
    links: [{ path: 'node_modules/x/x.node', target: 'node_modules/x/x.node' }],
    addons: ['node_modules/x/x.node'],
  });

test('an index is read back as it was made', () => {
  const made = index();
  const reading = parseLibraryIndex(JSON.stringify(made));
  assert.ok(reading.ok);
  assert.equal(reading.index, made);
  assert.is(made.bytes, 120);
  assert.match(made.id, /^[0-9a-f]{64}$/);
});

test('another library is another id', () => {
  const { files, links, addons } = index();
  const other = makeLibraryIndex({ files, links, addons: [...addons, 'y.node'] });
  assert.is.not(other.id, index().id);
});

/** What is put into a right index by a path of keys, and why it is wrong then. */
const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ['schema', 2, /schema/],
  ['id', '../../x', /id/],
  ['bytes', 119, /sum/],
  ['files.0.path', '../libx.so', /files.0.path: expected a relative path/],
  ['files.0.path', '/etc/passwd', /relative/],
  ['files.0.blob', 'sub/blob', /beside/],
  ['files.0.blob', '..', /blob/],
  ['files.0.mode', '04755', /mode/],
  ['files.0.bytes', 119, /not the whole/],
  ['files.0.chunks.0.bytes', 2 ** 40, /chunks.0.bytes/],
  ['files.0.chunks.1.offset', 50, /follow/],
  ['files.0.chunks.1.at', 5, /follow/],
  ['files.0.chunks.0.crc32', -1, /crc32/],
  ['files.0.chunks.0.format', 'lz4', /format/],
  ['files.0.chunks.0.format', 'xz', /own filters/],
  ['files.0.chunks.0.extra', 1, /chunks.0/],
  ['links.0.target', '../../etc', /target/],
  ['links.0.path', 'node_modules/x/libx.so.1', /twice/],
  ['addons.0', 'other.node', /addon/],
];

function withValue(keys: string, value: unknown): string {
  const json: unknown = JSON.parse(JSON.stringify(index()));
  const names = keys.split('.');
  const last = names.pop() as string;
  const parent = names.reduce((at, name) => (at as Record<string, unknown>)[name], json);
  (parent as Record<string, unknown>)[last] = value;
  return JSON.stringify(json);
}

for (const [keys, value, reason] of WRONG) {
  test(`${keys} = ${JSON.stringify(value)} is refused`, () => {
    const reading = parseLibraryIndex(withValue(keys, value));
    assert.not.ok(reading.ok);
    assert.match(reading.ok ? '' : reading.reason, reason);
  });
}

test('chunks are cut between instructions', () => {
  const { files, ...rest } = index();
  const chunks = [chunk(0, 99, 0), chunk(99, 21, 10)];
  const reading = parseLibraryIndex(
    JSON.stringify({ ...rest, files: files.map(file => ({ ...file, chunks })) }),
  );
  assert.not.ok(reading.ok);
});

test('what is no JSON is refused', () => {
  assert.equal(parseLibraryIndex('{'), { ok: false, reason: 'it is not JSON' });
});

test.run();
