import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../src/config/parse-config.ts';
import { parseGrowth, parseSize } from '../../src/config/parse-size.ts';
import { loadBudgets } from '../../src/config/resolve-budget.ts';
import { SlimError } from '../../src/errors.ts';
import { withProject } from '../helpers/project.ts';

test('a size has a unit, and MB is not MiB', () => {
  const sizes = ['60 MB', '60MiB', '1.5 GiB', '12 kB', '12 KB', '7 B'].map(parseSize);
  assert.equal(sizes, [60_000_000, 62_914_560, 1_610_612_736, 12_000, 12_000, 7]);
  for (const text of [
    '60',
    '60 Mb',
    '60 mb',
    '-1 MB',
    '1e3 MB',
    '60 M',
    '',
    'MB',
    '60 MB!',
    '999999999999 GiB',
  ])
    assert.is(parseSize(text), null, text);
});

test('growth is a share or a size', () => {
  assert.equal([parseGrowth('5 %'), parseGrowth('0.5%')], [{ percent: 5 }, { percent: 0.5 }]);
  assert.equal([parseGrowth('2 MB'), parseGrowth('5')], [{ bytes: 2_000_000 }, null]);
});

test('a wrong budget says what is expected and what was found', () => {
  const problems = (budget: object): string => {
    try {
      parseConfig({ entry: 'a.ts', budget }, 'c.json');
      return '';
    } catch (error) {
      return error instanceof SlimError ? error.message : String(error);
    }
  };
  assert.match(
    problems({ zipped: '25 Mb' }),
    /budget\.zipped: expected a size such as "60 MB".*found "25 Mb"/,
  );
  assert.match(problems({ zipped: 25 }), /budget\.zipped: expected a size.*found 25/);
  assert.match(problems({ growth: '5' }), /budget\.growth: expected a share such as "5 %".*found "5"/);
  assert.match(problems({ initMs: 0 }), 'budget.initMs: expected a number of ms above 0');
  assert.match(problems({ ziped: '1 MB' }), 'did you mean "zipped"?');
  assert.is(problems({ zipped: '25 MiB', growth: '5 %', initMs: 300 }), '');
});

test('budgets come by the names of functions and of what they are published as, shared ones refined', () =>
  withProject({}, async dir => {
    const functions = {
      a: { entry: 'gone.ts', budget: { zipped: '1 MB' } },
      b: { entry: 'gone.ts', publish: { functionName: 'live-b' } },
    };
    await writeFile(
      join(dir, 'lambda-slim.config.json'),
      JSON.stringify({ budget: { zipped: '2 MB', growth: '5 %' }, functions }),
    );
    const budgets = await loadBudgets(dir, undefined);
    assert.equal([...budgets.keys()], ['a', 'b', 'live-b']);
    assert.equal(budgets.get('a'), {
      ...{ zippedBytes: 1_000_000, unzippedBytes: null, initMs: null },
      growth: { percent: 5 },
    });
    assert.is(budgets.get('live-b')?.zippedBytes, 2_000_000);
    assert.is((await loadBudgets('/', undefined)).size, 0);
  }));

test.run();
