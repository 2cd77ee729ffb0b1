import type { Finding } from '../findings.ts';
import { compareCodeUnits } from '../util/path.ts';

const ARCHIVE = /\.(?:zip|jar|war|whl|tar|tgz|tar\.(?:gz|bz2|xz|zst)|7z|rar)$/i;

const MAX_SHOWN = 5;

/** Finds archives in the artifact; nothing is looked for in them, so that none of them can be a bomb. Sizes are bytes. */
export function checkNested(sizes: ReadonlyMap<string, number>): readonly Finding[] {
  const found = [...sizes].filter(([path]) => ARCHIVE.test(path));
  if (found.length === 0) return [];
  const isAll = found.length === sizes.size;
  return [
    {
      code: 'NESTED_ARCHIVE',
      level: isAll ? 'warning' : 'info',
      paths: found
        .map(([path]) => path)
        .sort(compareCodeUnits)
        .slice(0, MAX_SHOWN),
      count: found.length,
      bytes: found.reduce((sum, [, bytes]) => sum + bytes, 0),
      isAll,
    },
  ];
}
