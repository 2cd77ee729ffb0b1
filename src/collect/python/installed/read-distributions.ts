import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../findings.ts';
import { metadataFields } from '../../../python/metadata.ts';
import { normalizeName } from '../../../python/names.ts';
import { parseRecord, placeOf, type RecordLine } from '../../../python/record.ts';
import { orNull } from '../../../util/fs.ts';
import { compareCodeUnits } from '../../../util/path.ts';

/** A distribution as it was installed. */
export interface Distribution {
  /** Normalised. */
  readonly name: string;
  readonly version: string;
  /** Such as `numpy-2.4.0.dist-info`. */
  readonly infoDir: string;
  /** What its RECORD lists, by path in the folder that was installed into. */
  readonly owned: ReadonlyMap<string, RecordLine>;
}

export interface Distributions {
  /** Sorted by name. */
  readonly distributions: readonly Distribution[];
  readonly findings: readonly Finding[];
}

/** Reads the distributions of a folder that pip or uv installed into. A RECORD that points out of it is told of. */
export async function readDistributions(dir: string): Promise<Distributions> {
  const folders = (await readdir(dir)).filter(name => name.endsWith('.dist-info'));
  const read = await Promise.all(folders.map(folder => readDistribution(dir, folder)));
  const sorted = read.sort((a, b) => compareCodeUnits(a.distribution.name, b.distribution.name));
  return {
    distributions: sorted.map(({ distribution }) => distribution),
    findings: sorted.flatMap(({ distribution: { name, version }, escaping }): readonly Finding[] =>
      escaping.length === 0
        ? []
        : [{ code: 'RECORD_ESCAPES', level: 'warning', package: `${name}@${version}`, paths: escaping }],
    ),
  };
}

async function readDistribution(dir: string, infoDir: string) {
  const metadata = (await orNull(readFile(join(dir, infoDir, 'METADATA'), 'utf8'))) ?? '';
  const record = (await orNull(readFile(join(dir, infoDir, 'RECORD'), 'utf8'))) ?? '';
  const [folderName = '', folderVersion = ''] = infoDir.replace(/\.dist-info$/, '').split('-');
  const owned = new Map<string, RecordLine>();
  const escaping: string[] = [];
  for (const line of parseRecord(record)) {
    const place = placeOf(line);
    if (place === null) escaping.push(line.path);
    else owned.set(place, line);
  }
  const distribution: Distribution = {
    name: normalizeName(metadataFields(metadata, 'Name')[0] ?? folderName),
    version: metadataFields(metadata, 'Version')[0] ?? folderVersion,
    infoDir,
    owned,
  };
  return { distribution, escaping };
}
