import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry } from '../types.ts';
import { compareCodeUnits, toArtifactPath } from '../util/path.ts';
import { type Bundle, bundledPackageDirs } from './bundle/bundle-function.ts';
import type { ReadManifest } from './package-manifest.ts';

const LICENCE = /^(?:licen[cs]e|copying|notice|copyright)(?:[.-].*)?$/i;

/** One file with the licences of the packages whose code is inside the bundle; each text once. No packages, no file. */
export async function licenceEntries(bundle: Bundle, readManifest: ReadManifest): Promise<readonly Entry[]> {
  const packagesByText = new Map<string, string[]>();
  for (const dir of [...bundledPackageDirs(bundle)].sort(compareCodeUnits)) {
    const manifest = await readManifest(dir);
    for (const file of (await readdir(dir)).filter(name => LICENCE.test(name)).sort(compareCodeUnits)) {
      const text = (await readFile(join(dir, file), 'utf8')).replaceAll('\r\n', '\n').trim();
      packagesByText.set(text, [
        ...(packagesByText.get(text) ?? []),
        `${manifest?.name}@${manifest?.version}`,
      ]);
    }
  }
  if (packagesByText.size === 0) return [];
  const parts = [...packagesByText].map(
    ([text, packages]) => `${[...new Set(packages)].sort(compareCodeUnits).join(', ')}\n\n${text}\n`,
  );
  const data = Buffer.from(
    `Licences of the packages inside ${bundle.path}\n\n${parts.sort(compareCodeUnits).join(`\n${'-'.repeat(79)}\n\n`)}`,
  );
  const path = toArtifactPath(join(dirname(bundle.path), 'THIRD-PARTY-LICENCES.txt'));
  return [
    {
      kind: 'file',
      path,
      source: { kind: 'memory', data },
      bytes: data.length,
      mode: 0o644,
      origin: { kind: 'generated', by: 'licences' },
    },
  ];
}
