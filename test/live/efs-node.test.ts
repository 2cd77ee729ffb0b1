import { test } from 'uvu';
import { installNode } from '../../src/lambda/find-node.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import type { Arch } from '../../src/types.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { addEfsNodeCases } from '../shims/efs-cases.ts';

const { signal } = new AbortController();

if (process.platform === 'linux') {
  for (const major of ['22', '24']) {
    const dir = findCacheDir(process.cwd(), process.env);
    const node = await installNode(findNodeVersion(major), process.arch as Arch, { dir, signal });
    addEfsNodeCases(node, test, `Node.js ${major}: `);
  }
}

test.run();
