import { join, relative } from 'node:path';
import { toPosix } from '../../util/path.ts';

const NEVER = /(?:^|\/)(?:\.env(?:\.[^/]*)?|\.git|node_modules|lambda-slim-out)(?:\/|$)/;

/** Makes the test for what no code can mean by reading a folder: secrets, histories, packages, and the project as a whole. */
export function neverAssets(base: string, root: string): (path: string) => boolean {
  const wholes = foldersDownTo(base, root).map(dir => join(relative(base, dir), '**/*'));
  return path => NEVER.test(toPosix(path)) || wholes.includes(path) || path.startsWith('..');
}

function foldersDownTo(base: string, root: string): readonly string[] {
  const parts = relative(base, root).split(/[\\/]/);
  return [base, ...parts.map((_, index) => join(base, ...parts.slice(0, index + 1)))];
}
