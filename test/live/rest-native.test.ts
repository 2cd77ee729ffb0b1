import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { withTempDir } from '../../src/util/fs.ts';
import { memory, writeCompressed } from '../helpers/compressed-artifact.ts';
import { type Case, withLaboratory } from '../shims/rest-laboratory.ts';

/** An addon that needs `libinner.so.1` beside it and, through that, `libdeep.so` in another folder. */
const SOURCES: Readonly<Record<string, string>> = {
  'deep.c': 'int deep(void) { return 40; }',
  'inner.c': 'int deep(void); int inner(void) { return deep() + 2; }',
  'addon.c': `int inner(void); int napi_create_int32(void*, int, void**);
void *napi_register_module_v1(void *env, void *exports) { void *value; napi_create_int32(env, inner(), &value); return value; }`,
};

const LIBRARIES = {
  deep: 'node_modules/deep/lib/libdeep.so',
  inner: 'node_modules/n/lib/libinner.so.1',
  addon: 'node_modules/n/build/n.node',
};

async function compile(): Promise<Case['files']> {
  return withTempDir(async dir => {
    const files: Record<string, Uint8Array> = {};
    const gcc = async (name: keyof typeof LIBRARIES, ...args: readonly string[]): Promise<void> => {
      await writeFile(join(dir, `${name}.c`), SOURCES[`${name}.c`] as string);
      const path = join(dir, LIBRARIES[name]);
      await mkdir(join(path, '..'), { recursive: true });
      const { status, stderr } = spawnSync(
        'gcc',
        ['-shared', '-fPIC', '-o', path, join(dir, `${name}.c`), ...args],
        {
          encoding: 'utf8',
        },
      );
      if (status !== 0) throw new Error(stderr);
      files[LIBRARIES[name]] = await readFile(path);
    };
    await gcc('deep', '-Wl,-soname,libdeep.so');
    const deep = join(dir, LIBRARIES.deep);
    await gcc('inner', deep, '-Wl,-soname,libinner.so.1', '-Wl,-rpath,$ORIGIN/../../deep/lib');
    await gcc(
      'addon',
      join(dir, LIBRARIES.inner),
      '-Wl,-rpath,$ORIGIN/../lib',
      `-Wl,-rpath-link,${join(deep, '..')}`,
    );
    return files;
  });
}

const hasGcc = spawnSync('gcc', ['--version']).status === 0;

if (process.platform === 'linux' && hasGcc) {
  const natives = await compile();
  const files: Case['files'] = {
    ...natives,
    'index.mjs': `import { createRequire } from 'node:module'; import fs from 'node:fs';
      const require = createRequire(import.meta.url);
      export const handler = async () => [require('n'), require('n') === require('n/build/n.node'), fs.statSync('${LIBRARIES.inner}').size > 0];`,
    'node_modules/n/package.json': '{"name":"n","main":"build/n.node"}',
  };
  const all = Object.values(LIBRARIES);
  const sets: Readonly<Record<string, readonly string[]>> = {
    'an addon': [LIBRARIES.addon],
    'a library of an addon': [LIBRARIES.inner],
    'a library of a library': [LIBRARIES.deep],
    'an addon and its library': [LIBRARIES.addon, LIBRARIES.inner],
    'all of them': all,
  };
  for (const [name, gone] of Object.entries(sets)) {
    const isGone = (path: string): boolean => gone.includes(path);
    for (const [how, each] of Object.entries({
      gone: { files, out: isGone },
      emptied: { files, out: () => false, options: { empty: isGone } },
    })) {
      test(`${name}, ${how}, is fetched and loaded`, () =>
        withLaboratory(process.execPath, each, async ({ run }) => {
          const { value, missed, error } = await run();
          assert.is(error, undefined, JSON.stringify(error));
          assert.equal(value, [42, true, true]);
          assert.equal(missed, [...gone].sort());
          assert.equal((await run()).value, [42, true, true]);
        }));
    }
  }

  const packed = { format: 'brotli', arch: 'x64', branchFilter: true, level: 'fast' } as const;
  for (const gone of [LIBRARIES.deep, LIBRARIES.addon]) {
    test(`${gone} is fetched beside a library that travels compressed`, () => {
      const { [LIBRARIES.inner]: inner = '', ...others } = files;
      const handler = `import './.lambda-slim/inflate.cjs'; import { createRequire } from 'node:module';
        export const handler = async () => createRequire(import.meta.url)('n');`;
      const each = { files: { ...others, 'index.mjs': handler }, out: (path: string) => path === gone };
      return withLaboratory(process.execPath, each, async ({ run, task }) => {
        const libraries = [{ path: LIBRARIES.inner, source: memory(Buffer.from(inner)) }];
        const links = gone === LIBRARIES.addon ? [] : [{ path: LIBRARIES.addon, target: LIBRARIES.addon }];
        await writeCompressed(task, { libraries, links, addons: links.map(({ path }) => path) }, packed);
        const { value, missed, error } = await run();
        assert.is(error, undefined, JSON.stringify(error));
        assert.is(value, 42);
        assert.equal(missed, [gone]);
      });
    });
  }

  test('a library that cannot be fetched leaves the error of the dynamic linker, with a hint', () =>
    withLaboratory(process.execPath, { files, out: path => path === LIBRARIES.deep }, async ({ run }) => {
      const { error } = await run({ LAMBDA_SLIM_REST: '' });
      assert.is(error.code, 'ERR_DLOPEN_FAILED');
      assert.match(
        error.message,
        /^libdeep\.so: cannot open shared object file[^\n]*\nlambda-slim: .*libdeep\.so was left out/,
      );
    }));
}

test.run();
