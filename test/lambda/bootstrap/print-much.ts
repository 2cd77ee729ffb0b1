/** A handler that prints 10 MB by each of three ways: by itself, at once, by a child that has its output, and by its stream. */
export const PRINT_MUCH = `
  import { spawnSync } from 'node:child_process';
  import { writeSync } from 'node:fs';
  const lines = 'y\\n'.repeat(50_000);
  export const handler = async () => {
    for (let round = 0; round < 100; round++)
      for (let at = 0; at < lines.length; ) at += writeSync(1, lines.slice(at));
    const child = spawnSync('/bin/sh', ['-c', 'yes | head -c 10000000'], { stdio: 'inherit' });
    if (child.status !== 0) throw new Error('the child failed: ' + child.status);
    for (let round = 0; round < 100; round++) process.stdout.write(lines);
    console.log('last=of all');
    return 'printed';
  };
`;
