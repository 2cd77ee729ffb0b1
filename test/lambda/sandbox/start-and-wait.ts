import { dirname, join } from 'node:path';
import { listKinds } from './hosts.ts';

// Run by a test as a process of its own: starts a script in a sandbox of the kind named, tells its output, and waits to be killed.
const [workDir, name, script] = process.argv.slice(2) as [string, string, string];
const kind = (await listKinds()).find(found => found.name === name);
const dir = dirname(workDir);
const host = await kind?.open(
  {
    code: join(dir, 'code'),
    layers: [],
    mount: null,
    runtime: join(dir, 'runtime'),
    runtimePackages: null,
    interpreter: { file: '/bin/sh', folders: [] },
    visible: [],
    memoryMiB: 128,
    tmpMiB: 512,
    workDir,
    onLog: text => process.stdout.write(text),
  },
  new AbortController().signal,
);
await host?.start({ args: ['-c', script], env: { PATH: '/usr/bin:/bin' } });
setInterval(() => {}, 1000);
