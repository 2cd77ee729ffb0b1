import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileAndSlim } from '../src/bytecode-build.ts';
import type { NativeOutcome } from '../src/native/native.ts';
import type { BytecodeMode, Entry, Tree } from '../src/types.ts';
import { withTempDir } from '../src/util/fs.ts';
import type { Timed } from '../src/util/timed.ts';
import { findPythons } from './bytecode/pythons.ts';
import { makeContext } from './helpers/project.ts';
import { makePythonFunction, pythonPlatform } from './helpers/python-project.ts';
import { entryOf } from './helpers/results.ts';

const LIMIT = 262_144_000;
const MIB = 1024 * 1024;
const [here] = await findPythons();

function treeOf(bytes: number): Tree {
  const app = entryOf('app.py', 0, { kind: 'entry', inputs: [] });
  const data = Buffer.from('def handler(event, context):\n    return 1\n');
  const source: Entry = {
    ...app,
    kind: 'file',
    source: { kind: 'memory', data },
    bytes: data.length,
    mode: 0o644,
  };
  const model = entryOf('model.bin', bytes, { kind: 'include', pattern: 'model.bin' });
  return { entries: [source, model], packages: [], removals: [] };
}

/** Compiles a tree of so many bytes; `saved` of them go when libraries are compressed. */
async function compile(bytes: number, mode: BytecodeMode, saved = 0) {
  const seen: Tree[] = [];
  const slim = async (tree: Tree): Promise<Timed<NativeOutcome>> => {
    seen.push(tree);
    const entries = tree.entries.map(entry =>
      entry.kind === 'file' && entry.path === 'model.bin' ? { ...entry, bytes: entry.bytes - saved } : entry,
    );
    const compressed = { format: 'xz', files: [], tmpBytes: 0, compressedBytes: 0, inflate: null };
    const report = { files: [], shared: [], compressed: saved > 0 ? compressed : null };
    const judged = { files: [], links: [], compressed: [] };
    const value = { tree: { ...tree, entries }, report, findings: [], judged };
    return { value, timing: { stage: 'native', ms: 0 } };
  };
  return withTempDir(async dir => {
    const platform = pythonPlatform(here?.runtime.version);
    const fn = makePythonFunction(dir, { platform, bytecode: mode });
    const library = { presets: [], alwaysKeep: [] };
    const { compiled, slimmed } = await compileAndSlim(treeOf(bytes), fn, library, slim, makeContext(dir));
    const has = slimmed.value.tree.entries.some(({ path }) => path.endsWith('.pyc'));
    return { compiled, has, slims: seen.length };
  });
}

if (here) {
  test('bytecode that fits stays', async () => {
    const { compiled, has, slims } = await compile(LIMIT - 5 * MIB, 'auto');
    assert.equal([has, slims, compiled?.value.report?.files], [true, 1, 1]);
    const squeezed = await compile(LIMIT + 5 * MIB, 'auto', 20 * MIB);
    assert.equal([squeezed.has, squeezed.slims], [true, 1], 'what counts is the size after compressing');
  });

  test('bytecode that nobody asked for and that does not fit goes, and a finding says so', async () => {
    for (const [saved, times] of [
      [0, 1],
      [MIB, 2],
    ] as const) {
      const { compiled, has, slims } = await compile(LIMIT - 1000 + saved, 'auto', saved);
      assert.equal([has, slims, compiled?.value.report], [false, times, null]);
      const [finding] = compiled?.value.findings ?? [];
      assert.is(finding?.code, 'BYTECODE_LEFT_OUT');
      assert.is(finding?.code === 'BYTECODE_LEFT_OUT' && finding.reason, 'size');
    }
  });

  test('what is over the limit without bytecode has a finding of its own, so none is told of bytecode', async () => {
    const { compiled, has } = await compile(LIMIT, 'auto');
    assert.equal([has, compiled?.value.report, compiled?.value.findings], [false, null, []]);
  });

  test('bytecode that was asked for stays, whatever the size', async () => {
    assert.is((await compile(2 * LIMIT, 'unchecked')).has, true);
  });
}

test('without a wish for bytecode nothing is compiled', async () => {
  const { compiled, has } = await compile(0, 'none');
  assert.equal([compiled, has], [null, false]);
});

test.run();
