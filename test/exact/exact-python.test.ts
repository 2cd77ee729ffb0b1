import { spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runtimes } from '../../src/platform/runtimes.ts';
import { answersOf, eventsOf, runExact, settingsOf } from '../helpers/exact-run.ts';
import { ENTRY, file, treeOf } from '../helpers/exact-tree.ts';
import { PYTHON } from '../helpers/python-artifact.ts';

const ASK = 'import sys; print("python%d.%d" % sys.version_info[:2])';
const RUNTIME = spawnSync(PYTHON, ['-c', ASK], { encoding: 'utf8' }).stdout.trim();

const HANDLER = `
import importlib, os, pkg
def handler(event, context):
    if event["second"]:
        return [importlib.import_module("pkg." + "late").VALUE, pkg.data(), pkg.version()]
    return [os.path.exists(os.path.join(os.path.dirname(pkg.__file__), "bin", "manager")), pkg.fork()]
`;

const PACKAGE = `
import importlib.metadata, multiprocessing, pkgutil
def data(): return pkgutil.get_data("pkg", "data/table.txt").decode()
def version(): return importlib.metadata.version("pkg")
def _work(connection): connection.send(importlib.import_module("pkg." + "in_child").VALUE)
def fork():
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_work, args=(theirs,))
    process.start(); found = ours.recv(); process.join()
    return found
def never():
    from . import lazy
`;

const TREE = treeOf([
  file('app.py', HANDLER, ENTRY),
  file('pkg/__init__.py', PACKAGE),
  file('pkg/late.py', 'VALUE = "late"'),
  file('pkg/lazy.py', 'from .deep import *'),
  file('pkg/deep.py', ''),
  file('pkg/in_child.py', 'VALUE = "child"'),
  file('pkg/data/table.txt', 'data'),
  file('pkg/data/other.txt', 'other'),
  file('pkg/bin/manager', Buffer.from('7f454c46', 'hex')),
  file('pkg/tests/test_pkg.py', 'import pkg'),
  file('pkg-1.2.dist-info/METADATA', 'Metadata-Version: 2.1\nName: pkg\nVersion: 1.2\n'),
  file('pkg-1.2.dist-info/WHEEL', 'Wheel-Version: 1.0'),
]);

// Elsewhere there is no Python that Lambda has.
if (runtimes.some(({ id }) => id === RUNTIME)) {
  test('Python: what is imported, read and looked at stays, and the static imports of it', async () => {
    const settings = settingsOf(RUNTIME);
    const events = eventsOf({ second: false }, { second: true });
    const { tree, report } = await runExact(TREE, settings, events, { isolation: 'none' });
    const gone = tree.removals.map(({ path }) => path);
    assert.equal(gone, ['pkg-1.2.dist-info/WHEEL', 'pkg/data/other.txt', 'pkg/tests/test_pkg.py']);
    assert.is(report.emptiedFiles, 1, 'a program that it only asks for');
    const answers = await answersOf(tree, settings, events, 'none');
    assert.equal(answers, [
      [true, 'child'],
      ['late', 'data', '1.2'],
    ]);
  });
}

test.run();
