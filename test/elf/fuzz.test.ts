import { readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readBytes, readElfFixture } from '../helpers/elf-fixtures.ts';
import { mutateElf, seedRandom } from '../helpers/mutate-elf.ts';

// bench/fuzz-elf.ts does the same a few hundred thousand times.
const ROUNDS = 3000;

test(`${ROUNDS} mutations of the fixtures are read without an exception`, () => {
  const files = readdirSync('fixtures/elf')
    .filter(name => /^lib|^program$/.test(name))
    .sort()
    .map(readElfFixture);
  const formats = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const random = seedRandom(round);
    const file = readBytes(mutateElf(files[random(files.length)] as Buffer, random));
    formats.add(file.format);
    if (file.format === 'elf' && file.facts.damage.length > 0) formats.add('damaged');
  }
  assert.equal([...formats].sort(), ['broken', 'damaged', 'elf', 'other']);
});

test.run();
