import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listPythonImports } from '../../src/python/imports.ts';

/** As `level module name,name`. */
const list = (source: string): readonly string[] =>
  listPythonImports(source)
    .map(({ level, module, names }) => `${'.'.repeat(level)}${module} ${names}`.trim())
    .sort();

const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['modules with other names', 'import a.b as c, d  # and e', ['a.b', 'd']],
  ['names in brackets over lines', 'from a import (b as c,  # why\n    d,\n)', ['a b,d']],
  [
    'relative ones',
    'from . import a\nfrom .b import c\nfrom ...d import e\nfrom.f import*',
    ['. a', '.b c', '...d e', '.f *'],
  ],
  ['a line that goes on', 'from a \\\n  import b', ['a b']],
  [
    'those in functions, try and one-liners',
    'def f():\n\timport a\ntry: import b\nexcept E: from c import d; import e',
    ['a', 'b', 'c d', 'e'],
  ],
  [
    'no strings and comments',
    '"""\nimport a\n"""\nx = \'import b\' # import c\ny = r"\\\\"; import d',
    ['d'],
  ],
  ['a string that ends nowhere', 'x = "oh\nimport a', ['a']],
  ['f-strings with their own quotes inside', 'x = f"{a["import b"]}"\nimport c', ['c']],
  ['no words that hold import', 'important = 1\nx.import_ = reimport(from_=1)', []],
  [
    'names given to import_module',
    'import_module("a.b")\n__import__(\'c\')\nimportlib.import_module(".d", __package__)\nimport_module(name)',
    ['a.b', 'c', '.d'],
  ],
  ['other scripts', 'import größe.模块', ['größe.模块']],
];
for (const [name, source, expected] of cases)
  test(`finds ${name}`, () => {
    assert.equal(list(source), [...expected].sort());
    assert.equal(
      list(source.replaceAll('\n', '\r\n')),
      [...expected].sort(),
      'with the line ends of Windows',
    );
  });

test('a string of any length is passed over', () => {
  const long = 'a\\"'.repeat(1_000_000);
  assert.equal(list(`x = """${long}"""\nimport b`), ['b']);
  assert.equal(list(`x = "${long}"\nimport b`), ['b']);
});

test('what only type checkers see does not count, what stands after it does', () => {
  const source = `
import typing as t
if t.TYPE_CHECKING:
    import a

    if b:
        import c
# here
    from d import e
else:
    import f
if TYPE_CHECKING: import g
if not TYPE_CHECKING:
    import h
`;
  assert.equal(list(source), ['f', 'h', 'typing']);
});

test.run();
