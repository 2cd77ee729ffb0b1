import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readMissed } from '../../src/rest/read-missed.ts';

const line = (path: string): string =>
  `LAMBDA_SLIM_MISSED ${JSON.stringify({ path, bytes: 1, from: 'layer', ms: 2 })}`;

test('paths are found wherever a line stands, sorted, once each', () => {
  const logs = [
    `START\n${line('b/"odd" \\ ü {}.js')}`,
    `2026-01-01T00:00:00Z\t${line('a.py')} and more`,
    line('a.py'),
  ];
  assert.equal(readMissed(logs.join('\n')), ['a.py', 'b/"odd" \\ ü {}.js']);
});

test('two of them on one line, as threads may print', () => {
  assert.equal(readMissed(line('a') + line('b')), ['a', 'b']);
});

test('what a function makes up is not taken for a path of an artifact', () => {
  const made = ['/etc/passwd', '../x', 'a/../../x', '', 'a//b', 'C:/x'].map(line);
  const broken = [
    'LAMBDA_SLIM_MISSED {"path":"cut',
    'LAMBDA_SLIM_MISSED',
    'LAMBDA_SLIM_MISSED {"bytes":1}',
    'LAMBDA_SLIM_MISSED {"path":"\\x"}',
  ];
  assert.equal(readMissed([...made, ...broken].join('\n')), []);
  assert.equal(readMissed(''), []);
});

test.run();
