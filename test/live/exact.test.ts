import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NamedEvent, Tree } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { answersOf, eventsOf, NODE_RUNTIME, runExact, settingsOf } from '../helpers/exact-run.ts';
import { BROUGHT, ENTRY, file, treeOf } from '../helpers/exact-tree.ts';
import { writeFiles } from '../helpers/project.ts';
import { PYTHON, readTree } from '../helpers/python-artifact.ts';

/** A folder with all in it that level `exact` may take, and a handler. */
async function readFunction(dir: string, handler: readonly [path: string, code: string]): Promise<Tree> {
  const { entries } = await readTree(dir);
  return treeOf([...entries.map(entry => ({ ...entry, origin: BROUGHT })), file(...handler, ENTRY)]);
}

/** Runs level `exact`, and asserts that the function answers as before; gives the paths that went. */
async function assertSame(
  tree: Tree,
  settings: ReturnType<typeof settingsOf>,
  events: readonly NamedEvent[],
) {
  const before = await answersOf(tree, settings, events);
  const done = await runExact(tree, settings, events);
  assert.equal(await answersOf(done.tree, settings, events), before);
  return { ...done, before, gone: new Set(done.tree.removals.map(({ path }) => path)) };
}

test('npm packages that nothing traced: mathjs, pdfkit with fonts that it reads late, sharp', async () => {
  const handler = `
    const load = name => require('./node_modules/' + name);
    const ways = {
      math: () => load('mathjs').evaluate('det([1, 2; 3, 4])'),
      image: async () => (await load('sharp')({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).png().toBuffer()).length,
      pdf: font => new Promise((resolve, reject) => {
        const doc = new (load('pdfkit'))({ info: { CreationDate: new Date(0) } });
        let bytes = 0;
        doc.on('data', part => { bytes += part.length; }).on('error', reject).on('end', () => resolve(bytes));
        doc.font(font).text('exact').end();
      }),
    };
    exports.handler = async ({ way, value }) => ways[way](value);
  `;
  await withTempDir(async dir => {
    await writeFiles(dir, { 'package.json': '{"private":true}' });
    const packages = ['mathjs@14.8.0', 'pdfkit@0.17.2', 'sharp@0.35.5'];
    const signal = new AbortController().signal;
    await exec('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
      cwd: dir,
      signal,
    });
    const tree = await readFunction(dir, ['index.js', handler]);
    const events = eventsOf(
      { way: 'math' },
      { way: 'image' },
      { way: 'pdf', value: 'Helvetica' },
      { way: 'pdf', value: 'Times-Roman' },
    );
    const { gone, report, before } = await assertSame(tree, settingsOf(NODE_RUNTIME), events);
    assert.is(before[0], -2);
    assert.ok(
      before.every(each => typeof each === 'number'),
      JSON.stringify(before),
    );
    const fonts = tree.entries
      .filter(({ path }) => path.endsWith('.afm'))
      .filter(({ path }) => !gone.has(path));
    const names = fonts.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
    assert.equal(names.sort(), ['Helvetica.afm', 'Times-Roman.afm']);
    assert.ok(report.savedBytes > report.bytesBefore / 4, JSON.stringify(report));
  });
});

const VERSION = spawnSync(PYTHON, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
  encoding: 'utf8',
});
const RUNTIME = `python${VERSION.stdout.trim()}`;

test('wheels: numpy and scipy', async () => {
  const handler = `
import numpy as np
from scipy import optimize, sparse
def handler(event, context):
    if event["sparse"]:
        return int(sparse.eye(3).tocsr().nnz)
    return [round(float(optimize.brentq(lambda x: x * x - 9, 0, 9)), 6), float(np.linalg.inv(np.eye(3)).sum())]
`;
  await withTempDir(async dir => {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', dir];
    const { status, stderr } = spawnSync(PYTHON, [...args, 'numpy', 'scipy'], { encoding: 'utf8' });
    assert.is(status, 0, stderr);
    const tree = await readFunction(dir, ['app.py', handler]);
    const events = eventsOf({ sparse: false }, { sparse: true });
    const { gone, report, before } = await assertSame(tree, settingsOf(RUNTIME), events);
    assert.equal(before, [[3, 3], 3]);
    assert.ok([...gone].some(path => path.startsWith('scipy/stats/')));
    assert.not.ok([...gone].some(path => path.startsWith('numpy.libs/')));
    assert.ok(
      report.savedBytes > 20_000_000 && report.savedBytes < report.savedByTraceBytes,
      JSON.stringify(report),
    );
  });
});

test('a library that a library loads by name, from its RPATH, and what it reads by itself', async () => {
  const outer = `
#include <dlfcn.h>
int call(void) { void *inner = dlopen("libinner.so", RTLD_NOW); return inner ? ((int (*)(void))dlsym(inner, "value"))() : -1; }
`;
  const inner = `
#include <stdio.h>
int value(void) { FILE *file = fopen("/var/task/native/number", "r"); int found = -2; if (file) { fscanf(file, "%d", &found); fclose(file); } return found; }
`;
  const handler =
    'import ctypes\ndef handler(event, context):\n    return ctypes.CDLL("/var/task/native/libouter.so").call()\n';
  await withTempDir(async dir => {
    await writeFiles(dir, {
      'outer.c': outer,
      'inner.c': inner,
      'task/native/number': '7',
      'task/native/deep/unused.so': 'no',
    });
    const compile = (name: string, target: string, ...flags: readonly string[]): void => {
      const args = ['-shared', '-fPIC', '-o', join('task/native', target), name, ...flags];
      const { status, stderr } = spawnSync('cc', args, { cwd: dir, encoding: 'utf8' });
      assert.is(status, 0, stderr);
    };
    compile('inner.c', 'deep/libinner.so');
    compile('outer.c', 'libouter.so', '-Wl,--disable-new-dtags,-rpath,$ORIGIN/deep', '-ldl');
    const tree = await readFunction(join(dir, 'task'), ['app.py', handler]);
    const { gone, before, findings } = await assertSame(tree, settingsOf(RUNTIME), eventsOf({}));
    assert.equal(before, [7]);
    assert.equal(findings, []);
    assert.equal([...gone], ['native/deep/unused.so']);
  });
});

test.run();
