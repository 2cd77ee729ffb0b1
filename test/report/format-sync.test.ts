import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatRolledBack, formatSynced, formatVerifiedStore } from '../../src/report/format-sync.ts';
import { PLAIN_STYLE } from '../../src/report/style.ts';

const [ONE, TWO] = ['a'.repeat(64), 'b'.repeat(64)] as const;

test('a sync tells what it shared, wrote, mended and removed', () => {
  const text = formatSynced(
    {
      ...{
        to: '/mnt/ml/classify',
        release: ONE,
        name: 'classify',
        previous: TWO,
        ms: 12_345,
        wasThere: false,
      },
      ...{ files: 8412, bytes: 747_000_000, linkedFiles: 8300, writtenFiles: 112, writtenBytes: 45_000_000 },
      fetchedBytes: 41_000_000,
      repaired: ['1', '2', '3', '4', '5', 'x\n6', '7'],
      pruned: [TWO],
    },
    PLAIN_STYLE,
  );
  assert.is(
    text,
    `classify is the current release, after 12.3 s
  release  aaaaaaaaaaaa  /mnt/ml/classify/releases/${ONE}
  files    8,412 files, 712.4 MiB: 8,300 shared with other releases, 112 written (42.9 MiB)
  fetched  39.1 MiB compressed
  before   bbbbbbbbbbbb; --rollback leads back to it
  mended   1, 2, 3, 4, 5 and 2 more
  removed  1 older release: bbbbbbbbbbbb
`,
  );
});

test('many problems are counted, and none can write on the terminal', () => {
  const problems = Array.from({ length: 25 }, (_, i) => ({
    path: `\u001b[2J${i}`,
    kind: 'changed' as const,
  }));
  const facts = { to: '/s', release: ONE, files: 30, bytes: 5, problems, isCurrent: true, isNoted: true };
  const text = formatVerifiedStore(facts, PLAIN_STYLE);
  assert.match(text, /^aaaaaaaaaaaa in \/s: 30 files, 5 B, 25 problems\n/);
  assert.match(text, /and 5 more; --json lists all\n {2}Sync the same bundle again/);
  assert.ok(!text.includes('\u001b'));
});

test('a rollback names both', () => {
  assert.is(
    formatRolledBack('/s', TWO, ONE),
    '/s/current leads to aaaaaaaaaaaa again, no longer to bbbbbbbbbbbb.\n',
  );
});

test('how to mend what is wrong depends on whether it is the current release, and could be noted', () => {
  const problems = [{ path: 'a', kind: 'changed' as const }];
  const facts = { to: '/s', release: ONE, files: 3, bytes: 5, problems, isCurrent: false, isNoted: true };
  const old = formatVerifiedStore(facts, PLAIN_STYLE);
  assert.match(old, `--release ${ONE.slice(0, 12)}`);
  assert.match(old, /makes it the current one; then --rollback/);
  assert.match(formatVerifiedStore({ ...facts, isNoted: false }, PLAIN_STYLE), /could not be noted/);
});

test.run();
