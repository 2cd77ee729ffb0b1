import { test } from 'uvu';
import { installNode } from '../../src/lambda/find-node.ts';
import { findNodeVersion } from '../../src/platform/node-versions.ts';
import type { Arch } from '../../src/types.ts';
import { findCacheDir } from '../../src/util/cache-dir.ts';
import { addNodeCases } from '../shims/rest-cases.ts';

const { signal } = new AbortController();

if (process.platform === 'linux') {
  for (const major of ['22', '24']) {
    const node = await installNode(findNodeVersion(major), process.arch as Arch, {
      dir: findCacheDir(process.cwd(), process.env),
      signal,
    });
    addNodeCases(node, test, `Node.js ${major}: `);
  }
}

test.run();
