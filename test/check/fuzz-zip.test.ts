import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { wordFinding } from '../../src/report/wording.ts';
import { checkFile, platformOf } from '../helpers/check.ts';
import { seedRandom } from '../helpers/mutate-elf.ts';
import { mutateZip, zipsToMutate } from '../helpers/mutate-zip.ts';
import { withProject } from '../helpers/project.ts';

const ROUNDS = 300;
const EXPECTED = ['NOT_A_ZIP'];

// Longer, with other seeds: npm run fuzz:zip.
test(`${ROUNDS} hostile zips are judged or refused, and none is believed without a word`, () =>
  withProject({}, async dir => {
    const zips = zipsToMutate(readFileSync('fixtures/elf/libtiny.so.1'));
    const path = join(dir, 'a.zip');
    const outcomes = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const random = seedRandom(7_000_000 + round);
      await writeFile(path, mutateZip(zips[random(zips.length)] as Buffer, random));
      try {
        const { findings } = await checkFile(path, platformOf('nodejs22.x'));
        for (const finding of findings) assert.ok(wordFinding(finding).message.length > 0);
        outcomes.add(findings.length > 0 ? 'judged' : 'fine');
      } catch (error) {
        assert.ok(error instanceof SlimError && EXPECTED.includes(error.code), `round ${round}: ${error}`);
        outcomes.add('refused');
      }
    }
    assert.equal([...outcomes].sort(), ['fine', 'judged', 'refused']);
  }));

test.run();
