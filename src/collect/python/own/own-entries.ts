import { join, relative } from 'node:path';
import type { Finding } from '../../../findings.ts';
import type { Entry, Origin, ResolvedFunction } from '../../../types.ts';
import { toArtifactPath, toPosix } from '../../../util/path.ts';
import { includeFiles } from '../../include-files.ts';
import { statFile } from '../../list-files.ts';
import { toEntry } from '../../to-entry.ts';
import { NEVER_GLOBS } from '../left-behind.ts';
import { findReadFiles } from './find-read-files.ts';
import type { Reached } from './trace-python.ts';

export interface OwnEntries {
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
  /** Absolute folders in which a file may come up that own code names already. */
  readonly watched: readonly string[];
}

/** Files of secrets; a pattern has to name them to mean them. */
const SECRETS = ['**/.env', '**/.env.*'];

/** The user's own files: what the handler's imports reach, what these name beside themselves, and what the config includes. */
export async function ownEntries(
  fn: ResolvedFunction,
  base: string,
  reached: ReadonlyMap<string, Reached>,
): Promise<OwnEntries> {
  const traced = await Promise.all(
    [...reached]
      .filter(([, { place }]) => place.dir === base)
      .map(async ([path, { parent }]) => toEntry(await statFile(join(base, path)), base, originOf(parent))),
  );
  const read = await findReadFiles(base, reached);
  const assets = await Promise.all(
    [...read.files].map(async ([path, parent]) =>
      toEntry(await statFile(join(base, path)), base, { kind: 'asset', parents: [parent] }),
    ),
  );
  const included = await includeFiles(fn, fn.root, {
    isTaken: path => read.files.has(placeIn(fn.root, base, path)),
    ignoreFor: pattern => (/\.env/.test(pattern) ? NEVER_GLOBS : [...NEVER_GLOBS, ...SECRETS]),
  });
  return {
    entries: [
      ...[...traced, ...assets].filter(each => 'kind' in each),
      ...included.entries.map(entry => ({
        ...entry,
        path: toArtifactPath(placeIn(fn.root, base, entry.path)),
      })),
    ],
    findings: [...[...traced, ...assets].filter(each => 'code' in each), ...included.findings],
    watched: read.folders,
  };
}

function originOf(parent: string | null): Origin {
  return parent === null ? { kind: 'entry', inputs: [] } : { kind: 'traced', parents: [parent] };
}

/** Where a file of the function's root lies in the artifact: from the folder of the code, if it is inside of that. */
export function placeIn(root: string, base: string, path: string): string {
  const below = toPosix(relative(root, base));
  return below !== '' && path.startsWith(`${below}/`) ? path.slice(below.length + 1) : path;
}
