import type { Options } from 'yargs';
import type { BuildResult } from '../types.ts';
import { choice } from './options.ts';
import type { Session } from './session.ts';
import { partyFilesOf, writeParties } from './write-parties.ts';

/** What `build` writes of other people's packages. */
export const partyOptions = {
  sbom: choice('Write an SBOM beside the artifact: <name>.cdx.json', ['cyclonedx'] as const),
  notices: { type: 'boolean', describe: 'Write the licences beside it: <name>.THIRD-PARTY-NOTICES.txt' },
} as const satisfies Record<string, Options>;

export interface PartyArgs {
  readonly sbom?: 'cyclonedx' | undefined;
  readonly notices?: boolean | undefined;
}

/** Writes what was asked for beside a built artifact; the result has the findings of that as well. */
export async function partiesOfBuild(
  result: BuildResult,
  { sbom, notices }: PartyArgs,
  session: Session,
): Promise<BuildResult> {
  if (!result.artifact) return result;
  const files = partyFilesOf(result.artifact.path, { sbom: sbom !== undefined, notices: notices === true });
  const found = await writeParties(result.artifact.path, files, session);
  return found.length === 0 ? result : { ...result, findings: [...result.findings, ...found] };
}
