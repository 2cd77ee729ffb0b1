import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listPythons, runPythonTests } from './run-python.ts';

test('what the Python handlers share, by each Python that is here', async () => {
  const pythons = listPythons();
  assert.ok(pythons.length > 0, 'there is a Python from 3.10 on');
  // They wait most of the time.
  await Promise.all(pythons.map(python => runPythonTests({ python, folder: 'unit' })));
});

test.run();
