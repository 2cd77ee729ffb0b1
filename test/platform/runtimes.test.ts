import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SlimError } from '../../src/errors.ts';
import { limits } from '../../src/platform/limits.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { findRuntime, runtimes } from '../../src/platform/runtimes.ts';

test('every runtime that is promised has its row, with the ceilings of its system', () => {
  const ids = runtimes.map(({ id }) => id);
  for (const id of ['nodejs20.x', 'nodejs22.x', 'nodejs24.x']) assert.ok(ids.includes(id), id);
  for (const minor of [10, 11, 12, 13, 14]) assert.ok(ids.includes(`python3.${minor}`), String(minor));
  assert.is(new Set(ids).size, ids.length);
  for (const runtime of runtimes) {
    const expected = runtime.os === 'al2' ? ['2.26', '3.4.24', '1.3.11'] : ['2.34', '3.4.29', '1.3.13'];
    assert.equal([runtime.glibc, runtime.glibcxx, runtime.cxxabi], expected, runtime.id);
    const prefix = runtime.language === 'nodejs' ? `nodejs${runtime.version}.x` : `python${runtime.version}`;
    assert.is(runtime.id, prefix);
  }
});

test('a runtime is deprecated before it is blocked', () => {
  for (const { id, deprecated, blockCreate, blockUpdate } of runtimes) {
    if (deprecated === null || blockCreate === null || blockUpdate === null) continue;
    assert.ok(deprecated < blockCreate && blockCreate < blockUpdate, id);
  }
});

test('an unknown runtime is refused with the nearest one', () => {
  for (const [asked, nearest] of [
    ['nodejs24', 'nodejs24.x'],
    ['node22.x', 'nodejs22.x'],
    ['python312', 'python3.12'],
  ] as const) {
    const error = thrownBy(() => findRuntime(asked));
    assert.is(error.code, 'UNKNOWN_RUNTIME');
    assert.match(error.message, `Did you mean ${nearest}?`);
    assert.match(error.hint, 'python3.14');
  }
  assert.not.match(thrownBy(() => findRuntime('cobol')).message, 'Did you mean');
});

test('every Node.js runtime has a release of its major to stand in for it', () => {
  for (const { language, version } of runtimes) {
    if (language === 'nodejs')
      assert.match(findNodeVersion(version), new RegExp(`^${version}\\.\\d+\\.\\d+$`));
  }
  assert.is(thrownBy(() => findNodeVersion('12')).code, 'RUNTIME_UNSUPPORTED');
});

test('limits are exact, and each says where it comes from', async () => {
  assert.is(limits.zippedBytes, 52_428_800);
  assert.is(limits.unzippedBytes, 262_144_000);
  assert.is(limits.responseBytes, 6 * 1024 * 1024 + 100);
  assert.is(limits.layers, 5);
  const data = JSON.parse(await readFile('src/platform/limits.json', 'utf8'));
  for (const [name, limit] of Object.entries<{ source: string }>(data.limits))
    assert.ok(limit.source.length > 5, name);
});

function thrownBy(run: () => unknown): SlimError {
  try {
    run();
  } catch (error) {
    if (error instanceof SlimError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test.run();
