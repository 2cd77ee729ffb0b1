import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FINDING_CODES, wordFinding } from '../../src/report/wording.ts';
import { ONE_OF_EACH } from '../helpers/results.ts';

test('every finding has a wording: a sentence of what and why, and what to do', () => {
  assert.equal([...FINDING_CODES].sort(), Object.keys(ONE_OF_EACH).sort());
  for (const finding of Object.values(ONE_OF_EACH)) {
    const { message, hint } = wordFinding(finding);
    assert.match(message, /^.{20,}\.$/s, finding.code);
    assert.match(hint, /^.{15,}[.?]$/s, finding.code);
    assert.not.match(message + hint, /undefined|null|\[object|NaN/, finding.code);
  }
});

test('every wording names the facts of its finding', () => {
  for (const finding of Object.values(ONE_OF_EACH)) {
    const { message, hint } = wordFinding(finding);
    const { code: _, level: __, ...facts } = finding;
    const words = Object.entries(facts)
      .filter(([key, fact]) => typeof fact === 'string' && key !== 'reason')
      .map(([, fact]) => String(fact));
    for (const word of words) assert.ok(`${message} ${hint}`.includes(word), `${finding.code} hides ${word}`);
  }
});

test('sizes that read alike are told in bytes', () => {
  assert.match(
    wordFinding(ONE_OF_EACH.LIMIT_ZIPPED).message,
    '52,428,801 B, 1 B over the limit of 52,428,800 B',
  );
  assert.match(
    wordFinding(ONE_OF_EACH.LIMIT_UNZIPPED).message,
    '287.2 MiB, 37.2 MiB over the limit of 250 MiB',
  );
});

test('a package is named to --allow-scripts without its version', () => {
  assert.match(wordFinding(ONE_OF_EACH.TARGET_BINARY_MISSING).hint, '--allow-scripts @scope/b.');
});

test.run();
