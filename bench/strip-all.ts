/*
 * Strips the files that a list names (one a NUL) in place, as a build does: `node strip-all.js <list>`. One process, with
 * one thread beside the main one.
 */
import { readFileSync, statSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { stripFile } from '../src/elf/strip-file.ts';

if (isMainThread) {
  const [mine = [], others = []] = share(readFileSync(process.argv[2] as string, 'utf8').split('\0'));
  if (others.length > 0) new Worker(new URL(import.meta.url), { workerData: others });
  stripAll(mine);
} else {
  stripAll(workerData as readonly string[]);
}

/** Two piles of about the same weight, by bytes. */
function share(paths: readonly string[]): readonly (readonly string[])[] {
  const piles = [
    { bytes: 0, paths: [] as string[] },
    { bytes: 0, paths: [] as string[] },
  ];
  const sized = paths.map(path => ({ path, bytes: statSync(path).size }));
  for (const { path, bytes } of sized.sort((a, b) => b.bytes - a.bytes)) {
    const [lightest] = piles.sort((a, b) => a.bytes - b.bytes);
    lightest?.paths.push(path);
    if (lightest) lightest.bytes += bytes;
  }
  return piles.map(({ paths }) => paths);
}

function stripAll(paths: readonly string[]): void {
  for (const path of paths) {
    const result = stripFile(path, path);
    if (result.outcome === 'kept') console.log(`${path}: ${result.reason}`);
  }
}
