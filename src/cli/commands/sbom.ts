import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { formatFindings } from '../../report/format-findings.ts';
import { formatDocument, toFindingContent } from '../../report/json.ts';
import { printable } from '../../report/printable.ts';
import { chooseStyle } from '../../report/style.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import { commonOptions, configOptions, outOptions } from '../options.ts';
import { refuseOverwriting } from '../refuse-overwriting.ts';
import { EXIT } from '../session.ts';
import { partyFilesOf, writeParties } from '../write-parties.ts';

const options = {
  output: { type: 'string', requiresArg: true, describe: 'Where the SBOM goes [default: <name>.cdx.json]' },
  notices: { type: 'boolean', describe: 'Write the licences too: <name>.THIRD-PARTY-NOTICES.txt' },
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type SbomArgs = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `sbom`: a CycloneDX document of the packages that are really in an artifact. */
export const sbomCommand: Command<SbomArgs> = {
  usage: 'sbom [artifact]',
  describe: 'Write a CycloneDX SBOM of the packages in a zip or folder, and their licences',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or unpacked folder of a function; else the zip that build wrote',
      })
      .options(options)
      .example('$0 sbom function.zip', 'write function.cdx.json')
      .example('$0 sbom --notices', 'of what build wrote, with the texts of the licences')
      .epilogue('Exit codes: 0 written; 2 it could not run.'),
  async run(args, session) {
    const { io, json, tool } = session;
    const { path } = await chooseArtifact(args.artifact, args, io, 'sbom');
    const beside = partyFilesOf(path, { sbom: true, notices: args.notices === true });
    const output = args.output === undefined ? null : resolve(io.cwd, args.output);
    if (output !== null) refuseOverwriting('--output', output, [path], 'sbom');
    const files = { ...beside, ...(output === null ? {} : { sbom: output }) };
    const findings = await writeParties(path, files, session);
    const written = [files.sbom, files.notices].filter(file => file !== null);
    io.stdout.write(
      json
        ? formatDocument(tool, 'sbom', { artifact: path, ...files, findings: findings.map(toFindingContent) })
        : `${[...written.map(file => `Wrote ${printable(file)}`), ...formatFindings(findings, chooseStyle(io.stdout, io.env))].join('\n')}\n`,
    );
    return EXIT.ok;
  },
};
