import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatRecord, parseRecord, placeOf } from '../../src/python/record.ts';

const TEXT = [
  'numpy/__init__.py,sha256=abc,12',
  '"numpy/a,b.txt",sha256=def,1',
  '"numpy/a ""quoted"" name.txt",,',
  'numpy-2.0.dist-info/RECORD,,',
];

const LINES = [
  { path: 'numpy/__init__.py', hash: 'sha256=abc' },
  { path: 'numpy/a,b.txt', hash: 'sha256=def' },
  { path: 'numpy/a "quoted" name.txt', hash: '' },
  { path: 'numpy-2.0.dist-info/RECORD', hash: '' },
];

test('lines of CSV with either end of line, and as they were when written again', () => {
  assert.equal(parseRecord(TEXT.join('\n')), LINES);
  assert.equal(parseRecord(`${TEXT.join('\r\n')}\r\n`), LINES);
  assert.equal(parseRecord(''), []);
  const sizes = [12, 1, null, null];
  const written = formatRecord(LINES.map((line, index) => ({ ...line, bytes: sizes[index] ?? null })));
  assert.is(written, `${TEXT.join('\n')}\n`);
});

test('what pip puts beside the packages lies inside of a target; what leads out has no place', () => {
  const placed = (path: string) => placeOf({ path, hash: '' });
  assert.is(placed('../../bin/f2py'), 'bin/f2py');
  assert.is(placed('numpy/x.py'), 'numpy/x.py');
  for (const path of ['/etc/passwd', '../../../x', '../x', 'a/../../b', 'C:/x', 'C:\\x'])
    assert.is(placed(path), null, path);
});

test.run();
