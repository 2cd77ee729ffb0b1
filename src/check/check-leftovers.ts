import type { CheckFinding, LeftoverKind } from '../findings-check.ts';
import { compareCodeUnits } from '../util/path.ts';
import type { ReadContent } from './natives/contents.ts';

const MIB = 1024 * 1024;
const MAX_SHOWN = 4;

/** Maps larger than this are not looked into, bytes. */
const MAX_MAP_BYTES = 4 * MIB;

/** So much of all maps is looked into, bytes. */
const MAX_MAPS_BYTES = 32 * MIB;

/** The first that fits counts. */
const KINDS: readonly (readonly [LeftoverKind, RegExp])[] = [
  ['version control', /(?:^|\/)\.(?:git|hg|svn)\//],
  [
    'caches of tools',
    /(?:^|\/)(?:node_modules\/\.cache|\.(?:pytest_cache|mypy_cache|ruff_cache|tox|nox|nyc_output|parcel-cache|turbo|eslintcache|hypothesis)|\.aws-sam|\.serverless|cdk\.out)(?:\/|$)/,
  ],
  ['source maps', /\.(?:[cm]?js|css)\.map$/],
  ['debug symbols', /\.pdb$|\.dSYM\/|\.(?:so|node)(?:\.[\d.]+)?\.debug$/],
  [
    'files of editors and systems',
    /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*|\.(?:vscode|idea)\/.*|[^/]+\.sw[po])$/,
  ],
  ['tests', /(?:^|\/)(?:__tests__|__mocks__)\/|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)conftest\.py$/],
];

/** Own folders of such a name may be anything. */
const TESTS_OF_PACKAGE = /\/tests?\//;

interface Found {
  readonly paths: string[];
  bytes: number;
}

/** Finds what is of use while developing only. `isOfPackage` tells files of packages from own ones; sizes are bytes. */
export function checkLeftovers(
  sizes: ReadonlyMap<string, number>,
  isOfPackage: (path: string) => boolean,
  read: ReadContent,
): readonly CheckFinding[] {
  const kinds = new Map<LeftoverKind, Found>();
  for (const [path, bytes] of sizes) {
    const isTest = TESTS_OF_PACKAGE.test(path) && isOfPackage(path);
    const kind = KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? (isTest ? 'tests' : undefined);
    if (kind === undefined) continue;
    const found = kinds.get(kind) ?? { paths: [], bytes: 0 };
    kinds.set(kind, found);
    found.paths.push(path);
    found.bytes += bytes;
  }
  return [...kinds].map(([kind, { paths, bytes }]) => {
    const sourced = kind === 'source maps' ? findSourced(paths, sizes, read) : [];
    const tellsOwn = kind === 'version control' || sourced.some(path => !isOfPackage(path));
    return {
      code: 'DEV_LEFTOVERS',
      level: bytes >= MIB || tellsOwn ? 'warning' : 'info',
      what: kind,
      paths: [...paths].sort(compareCodeUnits).slice(0, MAX_SHOWN),
      count: paths.length,
      bytes,
      withSources: sourced.length,
    };
  });
}

/** The maps that hold the sources, as far as they were looked into. */
function findSourced(
  paths: readonly string[],
  sizes: ReadonlyMap<string, number>,
  read: ReadContent,
): readonly string[] {
  let left = MAX_MAPS_BYTES;
  return paths.filter(path => {
    left -= sizes.get(path) ?? 0;
    return left > 0 && read(path, MAX_MAP_BYTES)?.includes('"sourcesContent":["') === true;
  });
}
