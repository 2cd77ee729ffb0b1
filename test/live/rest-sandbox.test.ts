import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addCompileCache } from '../../src/compile-cache/add-compile-cache.ts';
import { installNode } from '../../src/lambda/find-node.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import type { Arch } from '../../src/types.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { PYTHON } from '../helpers/python-artifact.ts';
import { makeContext, PLATFORM } from '../rest/make-slim.ts';
import { DATA_CASE, DATA_VALUE, type Laboratory, withLaboratory } from '../shims/rest-laboratory.ts';
import { withPython } from '../shims/rest-python.ts';

/** Puts folders in their places, for this process alone, and then starts a program. */
const SCRIPT = 'mount --bind "$1" /opt && mount -t tmpfs -o "size=$2" none "$3" && shift 3 && exec "$@"';

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

async function runInside(
  { task, layer, tmp }: Laboratory,
  size: string,
  command: readonly string[],
): Promise<Ended> {
  const args = ['--mount', 'sh', '-c', SCRIPT, 'sh', join(layer, '..'), size, tmp, ...command];
  const child = spawn('unshare', args, {
    cwd: task,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TMPDIR: tmp },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}

const CALL = `import(process.argv[1]).then(m => m.handler()).then(v => console.log(JSON.stringify(v)), e => console.log(e.code, e.message))`;
const node = (laboratory: Laboratory): readonly string[] => [
  process.execPath,
  '-e',
  CALL,
  join(laboratory.task, 'index.mjs'),
];

if (process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0) {
  test('the layer is found in /opt and takes no room in /tmp', () =>
    withLaboratory(process.execPath, DATA_CASE, async laboratory => {
      const { stdout, stderr } = await runInside(laboratory, '100k', [
        'sh',
        '-c',
        '"$@" && find "$TMPDIR" -type l | wc -l',
        'sh',
        ...node(laboratory),
      ]);
      const [value, links] = stdout.trim().split('\n');
      assert.equal(JSON.parse(value as string), DATA_VALUE, stderr);
      assert.match(stderr, '"from":"layer"');
      assert.is(links, '2');
    }));

  test('a full /tmp is said', () =>
    withLaboratory(process.execPath, DATA_CASE, async laboratory => {
      const fill = ['sh', '-c', 'head -c 30000 /dev/zero > "$TMPDIR/full"; exec "$@"', 'sh'];
      const set = ['env', `LAMBDA_SLIM_REST=${laboratory.dir}/opt`];
      const { stdout } = await runInside({ ...laboratory, layer: join(laboratory.tmp, 'x') }, '32k', [
        ...fill,
        ...set,
        ...node(laboratory),
      ]);
      assert.match(
        stdout,
        /^ENOENT ENOENT: no such file or directory, open 'data\/1\.bin'\n.* is full: it takes 0\.0 MB, .*EphemeralStorage/,
      );
    }));

  test('a full /tmp is said by Python, too', () =>
    withPython(
      PYTHON,
      {
        files: {
          'app.py': 'def handler():\n    return len(open("data.bin").read())\n',
          'data.bin': Buffer.alloc(90_000, 65),
        },
        out: path => path === 'data.bin',
      },
      async laboratory => {
        const code =
          'import sys; sys.path.insert(0, sys.argv[1]); import app\ntry: app.handler()\nexcept OSError as e: print(e)';
        const command = [
          'env',
          `LAMBDA_SLIM_REST=${laboratory.dir}/opt`,
          PYTHON,
          '-c',
          code,
          laboratory.task,
        ];
        const { stdout } = await runInside(
          { ...laboratory, layer: join(laboratory.tmp, 'x') },
          '32k',
          command,
        );
        assert.match(
          stdout,
          /No such file or directory\nlambda-slim: data\.bin .* is full: it takes 0\.1 MB/,
        );
      },
    ));
}

if (process.platform === 'linux') {
  const signal = new AbortController().signal;
  const dir = findCacheDir(process.cwd(), process.env);
  const node24 = await installNode(findNodeVersion('24'), process.arch as Arch, { dir, signal });

  test('a compile cache is used behind the fallback', () =>
    withLaboratory(
      node24,
      {
        files: {
          'index.mjs': `import { a } from 'a'; export const handler = async () => [a, import.meta.url.split('/').at(-1)];\n//${'x'.repeat(5000)}`,
          'node_modules/a/package.json': '{"name":"a","main":"a.js"}',
          'node_modules/a/a.js': 'exports.a = 1;',
        },
        out: path => path === 'node_modules/a/none.js',
        options: {
          furnish: tree =>
            withTempDir(async workDir => {
              const context = { ...makeContext(workDir), cacheDir: dir };
              const added = await addCompileCache(tree, 'index.handler', PLATFORM, context);
              assert.equal(added.findings, []);
              return added.tree;
            }),
        },
      },
      async ({ run, task }) => {
        assert.equal((await run()).value, [1, 'index.bundle.mjs']);
        assert.match(await readFile(join(task, 'index.mjs'), 'utf8'), 'index.fallback.mjs');
        const { stderr } = await run({ NODE_DEBUG_NATIVE: 'COMPILE_CACHE' });
        assert.match(stderr, /cache for ESM \S*index\.bundle\.mjs was accepted/);
      },
    ));
}

test.run();
