import { dirname, join } from 'node:path';
import { listKinds } from './hosts.ts';

// Run by a test as a process of its own: starts a sandbox of the kind named, says so, and waits to be killed.
const [workDir, name] = process.argv.slice(2) as [string, string];
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
await host?.start({
  args: ['-c', 'setsid sleep 1000 & echo started; sleep 1000'],
  env: { PATH: '/usr/bin:/bin' },
});
setInterval(() => {}, 1000);
