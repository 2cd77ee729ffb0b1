import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import type { PageStarts } from '../../report/html/page-types.ts';
import { formatDocument } from '../../report/json.ts';
import { printable } from '../../report/printable.ts';
import { checkWritable, errnoOf } from '../../util/fs.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import { reportOptions } from '../html-options.ts';
import type { Io } from '../io.ts';
import { commonOptions } from '../options.ts';
import { refuseNoPage } from '../page-file.ts';
import { EXIT } from '../session.ts';

const options = { ...reportOptions, ...commonOptions };
type ReportArgs = InferredOptionTypes<typeof options> & {
  artifact: string | undefined;
  other: string | undefined;
};

/** `report`: one page of HTML about an artifact, or about two, before and after. */
export const reportCommand: Command<ReportArgs> = {
  usage: 'report [artifact] [other]',
  describe: 'Write a page of HTML about a zip or folder, or what changed between two',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip or unpacked folder; else the zip that build wrote',
      })
      .positional('other', { type: 'string', describe: 'A second one, to see what grew since the first' })
      .options(options)
      .example('$0 report', 'what build wrote, with what went and why')
      .example('$0 report function.zip --runtime python3.12', 'a zip of any tool')
      .example('$0 report before.zip after.zip --out growth.html', 'two side by side')
      .epilogue('The page loads nothing from anywhere. Exit codes: 0 written; 2 it could not.'),
  async run(args, { io, tool, json }) {
    const out = resolve(io.cwd, args.out ?? 'lambda-slim-report.html');
    refuseNoPage(out, '--out');
    await checkWritable(out);
    const { readSubject, writePage } = await import('../write-page.ts');
    const starts = args.bench === undefined ? [] : await readBench(args.bench, io);
    const { out: _out, ...choice } = args;
    const { path } = await chooseArtifact(args.artifact, choice, io, 'report');
    const paths = [path, ...(args.other === undefined ? [] : [resolve(io.cwd, args.other)])];
    const subjects = [];
    for (const [at, one] of paths.entries()) {
      const signal = io.signal ?? new AbortController().signal;
      const own = at === paths.length - 1 ? starts : [];
      subjects.push(
        await readSubject({ path: one, runtime: args.runtime, arch: args.arch, starts: own, signal }),
      );
    }
    const mode = paths.length > 1 ? 'compare' : 'functions';
    await writePage(out, { mode, tool: `${tool.name} ${tool.version}`, subjects });
    io.stdout.write(
      json ? formatDocument(tool, 'report', { report: out, artifacts: paths }) : `${printable(out)}\n`,
    );
    return EXIT.ok;
  },
};

async function readBench(file: string, io: Io): Promise<readonly PageStarts[]> {
  const path = resolve(io.cwd, file);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new SlimError('INPUT_UNREADABLE', [path, errnoOf(error) ?? String(error)], { cause: error });
  });
  const { parseBench } = await import('../../report/html/parse-bench.ts');
  const starts = parseBench(text);
  if (!starts) throw new SlimError('BENCH_INVALID', [path]);
  return starts;
}
