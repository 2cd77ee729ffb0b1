import { basename, resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { writeAtomic } from '../../util/fs.ts';
import type { Command } from '../command.ts';
import { commonOptions, single } from '../options.ts';
import { EXIT } from '../session.ts';

const options = {
  out: single('File to write [default: <package>.tree.txt]'),
  ...commonOptions,
} as const;
type RecordArgs = InferredOptionTypes<typeof options> & { folder: string };

/** `preset record`: lists a package, so that rules can be tried without it. */
export const presetRecordCommand: Command<RecordArgs> = {
  usage: 'record <folder>',
  describe: 'Write the listing of a package, to try rules on',
  configure: (parser: Argv) =>
    parser
      .positional('folder', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of an installed package',
      })
      .options(options)
      .example('$0 preset record node_modules/sharp', 'writes sharp.tree.txt')
      .epilogue('Exit codes: 0 written; 2 it could not run.'),
  async run(args, { io, reporter }) {
    const { recordListing } = await import('../../presets/record.ts');
    const { parseListing } = await import('../../presets/listing.ts');
    const folder = resolve(io.cwd, args.folder);
    const text = await recordListing(folder);
    const listing = resolve(io.cwd, args.out ?? `${basename(folder)}.tree.txt`);
    await writeAtomic(listing, file => file.writeFile(text));
    const files = parseListing(text, listing);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    io.stdout.write(reporter.record({ folder, listing, files: files.length, bytes }));
    return EXIT.ok;
  },
};
