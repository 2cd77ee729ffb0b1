import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readElfFacts, readElfFixture } from '../helpers/elf-fixtures.ts';

test('an addon tells the ABI of its Node.js by the function that it exports, or in its struct node_module', () => {
  for (const name of ['addon-symbol.node', 'addon-struct.node', 'addon-struct-aarch64.node']) {
    const { nodeAbis, damage } = readElfFacts(readElfFixture(name));
    assert.equal([nodeAbis, damage], [['115'], []], name);
  }
});

test('what uses Node-API, and what is no addon, is bound to none', () => {
  for (const name of ['addon-node-api.node', 'libtiny.so.1', 'libbare-i386.so', 'program'])
    assert.equal(readElfFacts(readElfFixture(name)).nodeAbis, [], name);
});

test('a struct that does not look like one is none', () => {
  const bytes = readElfFixture('addon-struct.node');
  const at = bytes.indexOf(Buffer.from([115, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  assert.ok(at > 0);
  bytes.writeUInt32LE(127, at);
  assert.equal(readElfFacts(bytes).nodeAbis, ['127']);
  bytes.writeUInt32LE(0, at);
  assert.equal(readElfFacts(bytes).nodeAbis, []);
  const name = readElfFixture('addon-struct.node');
  name.write('addon,cc\0', name.indexOf('addon.cc\0'));
  assert.equal(readElfFacts(name).nodeAbis, []);
});

test.run();
