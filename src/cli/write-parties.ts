import type { Finding } from '../findings.ts';
import { writeAtomic } from '../util/fs.ts';
import type { Session } from './session.ts';

/** What is written of the packages in an artifact; null is not. */
export interface PartyFiles {
  readonly sbom: string | null;
  readonly notices: string | null;
}

/** Writes the SBOM and the notices of an artifact; packages without a text of their licence are a finding. Throws like `readParties`, and `OUTPUT_UNWRITABLE`. */
export async function writeParties(
  artifact: string,
  { sbom, notices }: PartyFiles,
  { io, tool }: Session,
): Promise<readonly Finding[]> {
  if (sbom === null && notices === null) return [];
  const { readParties } = await import('../sbom/read-parties.ts');
  const { listMissing, makeNotices } = await import('../sbom/make-notices.ts');
  const parties = await readParties(artifact, io.signal ?? new AbortController().signal);
  if (sbom !== null) {
    const { makeSbom } = await import('../sbom/make-sbom.ts');
    const text = await makeSbom(parties, { version: tool.version, epoch: io.env.SOURCE_DATE_EPOCH });
    await writeAtomic(sbom, file => file.writeFile(text));
  }
  if (notices !== null) await writeAtomic(notices, file => file.writeFile(makeNotices(parties)));
  const packages = listMissing(parties.parties);
  return packages.length === 0 ? [] : [{ code: 'LICENSE_TEXT_MISSING', level: 'info', packages }];
}

/** Where the files of an artifact lie: beside it, under its name. */
export function partyFilesOf(
  artifact: string,
  { sbom, notices }: { readonly sbom: boolean; readonly notices: boolean },
): PartyFiles {
  const stem = artifact.replace(/\.zip$/, '');
  return {
    sbom: sbom ? `${stem}.cdx.json` : null,
    notices: notices ? `${stem}.THIRD-PARTY-NOTICES.txt` : null,
  };
}
