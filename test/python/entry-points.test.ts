import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listEntryPoints } from '../../src/python/entry-points.ts';

test('modules of entry points, but for those of commands and of pytest', () => {
  const text = `[console_scripts]
tool = pkg.cli:main

[networkx.backends]
nx_loopback = networkx.classes.tests.dispatch:backend [extra]
# a = b
[ group.two ]
plain=other\r
[pytest11]
x = pkg.plugin
`;
  assert.equal(listEntryPoints(text), [
    'networkx',
    'networkx/classes',
    'networkx/classes/tests',
    'networkx/classes/tests/dispatch',
    'other',
  ]);
});

test('a file without entries names nothing', () => {
  assert.equal(listEntryPoints(''), []);
  assert.equal(listEntryPoints('[group]\n'), []);
});

test.run();
