import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load-config.ts';
import type { CliArgs } from '../../src/config/types.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { runFake } from '../helpers/fake-io.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

/** Resolves the one function of a config that has these settings beside its entry. */
async function resolve(settings: object, args: CliArgs = {}): Promise<ResolvedFunction> {
  let found: ResolvedFunction | undefined;
  const config = JSON.stringify({ entry: 'index.mjs', ...settings });
  await withProject(
    { 'lambda-slim.config.json': config, 'package.json': '{}', 'index.mjs': '' },
    async dir => {
      found = (await loadConfig(dir, args, {})).functions[0];
    },
  );
  return found as ResolvedFunction;
}

test('libraries are compressed only where that is asked for, by size unless files are named', async () => {
  assert.is((await resolve({ native: { compress: false } })).native.compress, null);
  const bySize = { minBytes: 1_048_576, only: [], except: [] };
  assert.equal((await resolve({ native: { compress: true } })).native.compress, bySize);
  assert.equal((await resolve({}, { compressLibraries: true })).native.compress, bySize);
  const chosen = { minBytes: 5, only: ['a.so'], except: ['b.so'] };
  assert.equal((await resolve({ native: { compress: chosen } })).native.compress, chosen);
});

test('the command line switches it on and off, and leaves how far it goes to the config', async () => {
  const native = { strip: true, dedupe: true, compress: { minBytes: 5 } };
  const off = await resolve({ native }, { strip: false, dedupe: false, compressLibraries: false, tmp: 2048 });
  assert.equal(
    [off.native.strip, off.native.dedupe, off.native.compress, off.tmpMiB],
    [false, false, null, 2048],
  );
  const on = await resolve(
    { native: { strip: false, compress: { minBytes: 5 } } },
    { strip: true, compressLibraries: true },
  );
  assert.equal([on.native.strip, on.native.compress?.minBytes], [true, 5]);
});

test('a function adds to the shared list of what is not stripped', async () => {
  const shared = { entry: undefined, native: { stripExcept: ['a.so'], dedupe: false } };
  const fn = await resolve({
    ...shared,
    functions: { api: { entry: 'index.mjs', native: { stripExcept: ['b.so'] } } },
  });
  assert.equal([fn.native.stripExcept, fn.native.dedupe], [['a.so', 'b.so'], false]);
});

const WRONG: readonly (readonly [object, RegExp])[] = [
  [{ tmpMiB: 100 }, /tmpMiB: expected a whole number of MiB from 512 to 10240, found number 100/],
  [{ tmpMiB: 10_241 }, /found number 10241/],
  [
    { native: { compress: { minBytes: -1 } } },
    /native\.compress\.minBytes: expected a number of bytes, found number -1/,
  ],
  [{ native: { compres: true } }, /unknown key "compres" in native; did you mean "compress"\?/],
  [{ native: { compress: { onyl: [] } } }, /unknown key "onyl"/],
];

for (const [settings, expected] of WRONG) {
  test(`${JSON.stringify(settings)} is refused with what is right`, async () => {
    assert.match((await rejects(resolve(settings), 'CONFIG_INVALID')).message, expected);
  });
}

for (const value of ['0', '511', '10241', '600.5', 'abc']) {
  test(`--tmp ${value} is refused with its bounds`, async () => {
    const { code, stderr } = await runFake(['build', '--tmp', value]);
    assert.is(code, 2);
    assert.match(stderr, '--tmp has to be one whole number from 512 to 10240');
  });
}

test.run();
