import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import { type Explanation, explainPath } from '../../report/explain.ts';
import type { NamedAnswer } from '../../report/reporter.ts';
import type { Command } from '../command.ts';
import { meansModel } from '../means-model.ts';
import { buildOptions, commonOptions, entryPositional } from '../options.ts';
import { planFunctions } from '../plan-functions.ts';
import { EXIT } from '../session.ts';

const options = { ...buildOptions, ...commonOptions };
type WhyArgs = InferredOptionTypes<typeof options> & { path: string; entry: string | undefined };

const EPILOGUE = `The end of a path is enough where only one path ends so.
Exit codes: 0 explained; 2 no such path, or it could not run.`;

/** `why`: who needs a file, or which rule took it. */
export const whyCommand: Command<WhyArgs> = {
  usage: 'why <path> [entry]',
  describe: 'Explain why a file is in the artifact, or is not',
  configure: (parser: Argv) =>
    parser
      .positional('path', {
        type: 'string',
        demandOption: true,
        describe: 'Path in the artifact, or its end',
      })
      .positional('entry', entryPositional)
      .options(options)
      .example('$0 why node_modules/sharp/package.json', 'the chain of reasons up to the handler')
      .example('$0 why onnxruntime.dll src/handler.ts', 'which rule took it, and how to keep it')
      .epilogue(EPILOGUE),
  async run(args, session) {
    if (await meansModel(args.entry, args, session.io)) {
      const problem = 'Files of a model archive are listed by `lambda-slim plan --files --target sagemaker`';
      throw new SlimError('USAGE', [problem, 'lambda-slim why', null]);
    }
    const results = await planFunctions(args, session, 'why');
    const explained = results.map(result => ({
      function: result.name,
      answer: explainPath(args.path, result),
    }));
    session.io.stdout.write(session.reporter.answers(pickAnswers(args.path, explained)));
    return EXIT.ok;
  },
};

interface Explained {
  readonly function: string;
  readonly answer: Explanation;
}

/** Of several functions, those that know the path; throws when none does. */
function pickAnswers(path: string, explained: readonly Explained[]): readonly NamedAnswer[] {
  const answers = explained.flatMap(({ function: name, answer }) =>
    answer.kind === 'kept' || answer.kind === 'removed' ? [{ function: name, answer }] : [],
  );
  if (answers.length > 0) return answers;
  const matches = explained.flatMap(({ answer }) => (answer.kind === 'several' ? answer.matches : []));
  if (matches.length > 0) throw new SlimError('PATH_AMBIGUOUS', [path, [...new Set(matches)]]);
  const nearest = explained.flatMap(({ answer }) => (answer.kind === 'unknown' ? answer.nearest : []));
  throw new SlimError('PATH_UNKNOWN', [path, [...new Set(nearest)].slice(0, 3)]);
}
