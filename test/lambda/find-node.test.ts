import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findNode, installNode } from '../../src/lambda/find-node.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import { HOST_ARCH, invokeCode } from '../helpers/invoke.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';

const OTHER_ARCH = HOST_ARCH === 'arm64' ? 'x64' : 'arm64';
const HOST = { path: process.execPath, version: process.versions.node };
const HOST_MAJOR = HOST.version.split('.')[0] ?? '';
/** A runtime that is not of the major of the Node.js that runs the tests. */
const OTHER_MAJOR = HOST_MAJOR === '22' ? '24' : '22';
const signal = new AbortController().signal;

test('the Node.js that runs us is taken for its own major', () =>
  withProject({}, async dir => {
    assert.equal(await findNode(HOST_MAJOR, HOST_ARCH, { dir, signal }), { ...HOST, exact: true });
  }));

test('a release that is kept is taken', () =>
  withProject({}, async dir => {
    const version = findNodeVersion(OTHER_MAJOR);
    const path = join(
      dir,
      'node',
      `${version}-${HOST_ARCH}`,
      'node_modules',
      `node-linux-${HOST_ARCH}`,
      'bin/node',
    );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '');
    const found = await findNode(OTHER_MAJOR, HOST_ARCH, { dir, signal });
    assert.equal(
      found,
      process.platform === 'linux' ? { path, version, exact: true } : { ...HOST, exact: false },
    );
  }));

test('the host stands in for another CPU and for a major that nobody knows, and says so', () =>
  withProject({}, async dir => {
    assert.equal(await findNode(OTHER_MAJOR, OTHER_ARCH, { dir, signal }), { ...HOST, exact: false });
    assert.equal(await findNode('98', HOST_ARCH, { dir, signal }), { ...HOST, exact: false });
    await rejects(installNode('24.0.0', OTHER_ARCH, { dir, signal }), 'ARCH_CANNOT_RUN');
  }));

test('a cache that cannot be written is told, and the host stands in', () =>
  withProject({ file: '' }, async root => {
    const dir = join(root, 'file', 'cache');
    if (process.platform === 'linux') {
      await rejects(installNode('24.0.0', HOST_ARCH, { dir, signal }), 'CACHE_UNWRITABLE');
    }
    assert.equal(await findNode(OTHER_MAJOR, HOST_ARCH, { dir, signal }), { ...HOST, exact: false });
    const { answer, log } = await invokeCode(`export const handler = async () => process.versions.node;`, {
      runtime: `nodejs${OTHER_MAJOR}.x`,
      cacheDir: dir,
    });
    assert.is(answer, HOST.version);
    assert.match(
      log,
      `Note: nodejs${OTHER_MAJOR}.x is not to be had here; this runs on Node.js ${HOST.version}.\n`,
    );
  }));

if (process.platform === 'linux') {
  test('a download that is interrupted is CANCELLED', () =>
    withProject({}, async dir => {
      await rejects(findNode(OTHER_MAJOR, HOST_ARCH, { dir, signal: AbortSignal.abort() }), 'CANCELLED');
      assert.equal(await readdir(join(dir, 'node')), []);
    }));
}

test.run();
