import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findComputedImports } from '../../src/python/computed-imports.ts';

const find = (line: string) => findComputedImports(`import importlib\n${line}\n`);

for (const line of [
  'importlib.import_module("app.plugins." + name)',
  "importlib.import_module('app.plugins.' + name)",
  'importlib.import_module(f"app.plugins.{name}")',
  'x = import_module(\n    "app.plugins.%s" % name)',
  '__import__("app.plugins.{}".format(name))',
])
  test(`${JSON.stringify(line)} means the modules of a package`, () => {
    assert.equal(find(line), { folders: ['app/plugins'], isOpen: false });
  });

for (const line of [
  'import_module(name)',
  'import_module(f"{a}.b")',
  '__import__(os.environ["M"])',
  'import_module("a" + b)',
])
  test(`${JSON.stringify(line)} may mean anything`, () => {
    assert.equal(find(line), { folders: [], isOpen: true });
  });

for (const line of [
  'import_module("a.b")',
  'import_module("a.b", package=x)',
  '# import_module(name)',
  'x = "import_module(name)"',
  '',
])
  test(`${JSON.stringify(line)} is not computed`, () => {
    assert.equal(find(line), { folders: [], isOpen: false });
  });

test.run();
