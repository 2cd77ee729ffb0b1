import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { settleMarshal } from '../../src/bytecode/write-marshal.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { findPythons } from './pythons.ts';

const settle = (hex: string): string =>
  settleMarshal(Buffer.from(hex.replaceAll(' ', ''), 'hex'), '3.12').toString('hex');
const hex = (text: string): string => text.replaceAll(' ', '');

test('a number for what stands once goes, and references follow', () => {
  // ('a', 'b', 'b') with numbers for the tuple, "a" and "b"; the reference is to 2.
  assert.is(settle('a9 03 da 01 61 da 01 62 72 02000000'), hex('29 03 5a 01 61 da 01 62 72 00000000'));
  // The same by a Python in which nobody else holds "a".
  assert.is(settle('29 03 5a 01 61 da 01 62 72 00000000'), hex('29 03 5a 01 61 da 01 62 72 00000000'));
});

test('sets are ordered by what is in them', () => {
  const [none, one, text] = ['4e', 'e9 01000000', '7a 02 6162'];
  const sets = [
    [none, one, text],
    [text, none, one],
    [one, text, none],
  ].map(members => settle(`3e 03000000 ${members.join(' ')}`));
  assert.is(new Set(sets).size, 1);
  assert.is(sets[0], hex('3e 03000000 4e 69 01000000 7a 02 6162'));
});

test('a set whose members were seen before keeps them', () => {
  // (frozenset({'b', 'a'}), 'b')
  assert.is(
    settle('29 02 3e 02000000 fa 01 62 7a 01 61 72 00000000'),
    hex('29 02 3e 02000000 7a 01 61 fa 01 62 72 00000000'),
  );
});

test('long numbers, floats and long texts stay as they are', () => {
  for (const value of [
    '6c fdffffff 0100 0200 0300',
    '67 000000000000f03f',
    '79 000000000000f03f 0000000000000040',
    '75 03000000 e282ac',
    '3a 4e 69 01000000 4e',
  ])
    assert.is(settle(value), hex(value));
});

test('what is no marshalled object is refused', () => {
  for (const value of ['', '29 02 4e', '51', '72 00000000', '4e 4e', '7a 05 61'])
    assert.throws(() => settle(value), undefined, value);
});

/** Compiles modules of Python's own library twice, the second time with every name of the code held by somebody else. */
const MAKE = `
import ast, json, marshal, os, sys
folder, keep = sys.argv[1], []
for name in ("argparse", "ast", "dataclasses", "enum", "typing", "inspect", "asyncio/events", "asyncio/tasks"):
    path = os.path.join(os.path.dirname(os.__file__), name + ".py")
    data = open(path, "rb").read()
    stem = os.path.join(folder, name.replace("/", "."))
    open(stem + ".first", "wb").write(marshal.dumps(compile(data, "x.py", "exec", dont_inherit=True)))
    code = compile(data, "x.py", "exec", dont_inherit=True)
    held, todo = [code], [code]
    for each in held:
        for value in getattr(each, "co_consts", ()) + getattr(each, "co_names", ()):
            held.append(value)
    open(stem + ".second", "wb").write(marshal.dumps(code))
    keep.append(stem)
print(json.dumps(keep))
`;
const COMPARE = `
import json, marshal, sys
def same(a, b):
    if hasattr(a, "co_code"):
        if any(getattr(a, n) != getattr(b, n) for n in ("co_code", "co_names", "co_varnames", "co_freevars", "co_flags",
                                                        "co_filename", "co_name", "co_firstlineno", "co_stacksize")):
            return False
        if list(a.co_lines()) != list(b.co_lines()): return False
        if getattr(a, "co_exceptiontable", b"") != getattr(b, "co_exceptiontable", b""): return False
        return len(a.co_consts) == len(b.co_consts) and all(map(same, a.co_consts, b.co_consts))
    return type(a) is type(b) and a == b
for stem in json.loads(sys.argv[1]):
    first, settled = (marshal.loads(open(stem + end, "rb").read()) for end in (".first", ".settled"))
    assert same(first, settled), stem
`;

for (const { runtime, python } of await findPythons()) {
  test(`code of ${runtime.id} means the same, and every run gives the same bytes`, () =>
    withTempDir(async dir => {
      const run = (code: string, arg: string): string => {
        const { status, stdout, stderr } = spawnSync(python.path, ['-I', '-c', code, arg], {
          encoding: 'utf8',
        });
        assert.is(status, 0, stderr);
        return stdout;
      };
      const stems = JSON.parse(run(MAKE, dir)) as readonly string[];
      let differing = 0;
      for (const stem of stems) {
        const [first, second] = await Promise.all(
          ['first', 'second'].map(end => readFile(join(dir, `${stem.slice(dir.length + 1)}.${end}`))),
        );
        assert.ok(first && second);
        if (!first.equals(second)) differing++;
        const settled = settleMarshal(first, runtime.version);
        assert.equal(settleMarshal(second, runtime.version), settled, stem);
        await writeFile(`${stem}.settled`, settled);
      }
      assert.ok(differing > 0, 'Python itself gives other bytes when it holds other references');
      run(COMPARE, JSON.stringify(stems));
    }));
}

test.run();
