import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ERROR_CODES } from '../../src/errors.ts';
import { FINDING_CODES } from '../../src/report/wording.ts';
import { ONE_OF_EACH } from '../helpers/results.ts';

async function readRows(path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line.startsWith('| `'));
  return new Map(
    lines.map(line => {
      const cells = line.split('|').map(cell => cell.trim());
      return [(cells[1] ?? '').replaceAll('`', ''), cells.slice(2, -1)];
    }),
  );
}

test('every finding has its line in the docs, with its level, and no line is about nothing', async () => {
  const rows = await readRows('docs/findings.md');
  assert.equal([...rows.keys()].sort(), [...FINDING_CODES].sort());
  for (const finding of Object.values(ONE_OF_EACH)) {
    const [levels = '', meaning = '', remedy = ''] = rows.get(finding.code) ?? [];
    assert.ok(levels.includes(finding.level), `${finding.code} is documented as ${levels}`);
    assert.ok(meaning.length > 10 && remedy.length > 10, finding.code);
  }
});

test('every error has its line in the docs, and no line is about nothing', async () => {
  const rows = await readRows('docs/errors.md');
  assert.equal([...rows.keys()].sort(), [...ERROR_CODES, 'INTERNAL'].sort());
  for (const [code, cells] of rows)
    assert.ok(
      cells.every(cell => cell.length > 10),
      code,
    );
});

test.run();
