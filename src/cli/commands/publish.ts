import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import type { PublishPlan } from '../../publish-types.ts';
import { formatFindings } from '../../report/format-findings.ts';
import { formatDryRun, formatPublished, formatRollback } from '../../report/format-publish.ts';
import { formatDocument } from '../../report/json.ts';
import { joinLines } from '../../report/layout.ts';
import { chooseStyle } from '../../report/style.ts';
import type { Context } from '../../types.ts';
import type { Command } from '../command.ts';
import { confirmDeleting } from '../confirm-deleting.ts';
import { withContext } from '../context.ts';
import { toExitCode } from '../exit-code.ts';
import { buildOptions, commonOptions, outOptions } from '../options.ts';
import { publishOptions, toFlags, toWishes } from '../publish-options.ts';
import { type Chosen, chooseSubject, findWishes } from '../publish-subject.ts';
import { EXIT, type Session } from '../session.ts';

const options = { ...publishOptions, ...buildOptions, ...outOptions, ...commonOptions } as const;
type Args = InferredOptionTypes<typeof options> & { artifact: string | undefined };

const EPILOGUE = `Region, profile and endpoint come as every AWS tool finds them: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.
Exit codes: 0 done; 1 the artifact has a finding of level error, nothing sent; 2 it could not, or not all of it. See docs/publish.md.`;

/** `publish`: puts a function into an account, and sends only what changed. */
export const publishCommand: Command<Args> = {
  usage: 'publish [artifact]',
  describe: 'Create or update the function in your account, as a zip or with layers',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip to publish, or an entry to build; else the function of the config',
      })
      .options(options)
      .example('$0 publish --function-name classify --create-role', 'build, check, create')
      .example('$0 publish --function-name classify --target layer', 'packages as layers')
      .example('$0 publish --function-name classify --alias live --weight 10', 'a canary')
      .example('$0 publish --function-name classify --alias live --rollback', 'and back')
      .example('$0 publish --function-name classify --dry-run', 'what it would do')
      .epilogue(EPILOGUE),
  async run(args, session) {
    if (args.rollback) return rollBack(args, session);
    return withContext(session, args, context => publishOne(args, session, context));
  },
};

async function publishOne(args: Args, session: Session, context: Context): Promise<number> {
  const { io } = session;
  const chosen = await chooseSubject(args.artifact, args, context, io);
  const { subject } = chosen;
  const { resolveSettings } = await import('../../publish/resolve-settings.ts');
  const wishes = toWishes(args, subject.wishes);
  const settings = resolveSettings({ ...subject, wishes }, toFlags(args));
  if (toExitCode([chosen]) !== EXIT.ok) return refuse(chosen, session);
  const [{ makeGuard }, { preparePublish }, { runPublish }, { openAccount }] = await Promise.all([
    import('../../publish/guard.ts'),
    import('../../publish/prepare-publish.ts'),
    import('../../publish/run-publish.ts'),
    import('../../aws/open-account.ts'),
  ]);
  const guard = makeGuard(context.signal);
  try {
    const account = await openAccount(io.env, { signal: guard.signal });
    context.progress.start('Looking at the account');
    const { plan, state } = await preparePublish(chosen.artifact, settings, account, context);
    context.progress.done();
    if (args['dry-run']) return await tellPlan(plan, session);
    await confirmDeleting(plan, args.yes === true, io);
    const report = await runPublish(plan, { account, state, guard, progress: context.progress });
    io.stdout.write(
      session.json
        ? formatDocument(session.tool, 'publish', { dryRun: false, ...report })
        : formatPublished(report, chooseStyle(io.stdout, io.env)),
    );
    return EXIT.ok;
  } finally {
    guard.close();
  }
}

/** What has a finding of level error is not sent. */
function refuse({ artifact, findings }: Chosen, { io }: Session): never {
  io.stderr.write(joinLines(formatFindings(findings, chooseStyle(io.stderr, io.env))));
  throw new SlimError('PUBLISH_CHECK_FAILED', [artifact.path]);
}

async function tellPlan(plan: PublishPlan, { io, tool, json }: Session): Promise<number> {
  const { listCalls } = await import('../../publish/list-calls.ts');
  const calls = listCalls(plan);
  const { functionName } = plan.settings;
  io.stdout.write(
    json
      ? formatDocument(tool, 'publish', {
          dryRun: true,
          functionName,
          region: plan.region,
          calls,
          notes: plan.notes,
        })
      : formatDryRun(plan, calls, chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}

/** Needs no artifact, so nothing is built. */
async function rollBack(args: Args, { io, tool, json }: Session): Promise<number> {
  const { config } = toWishes(args, await findWishes(args, io));
  if (config.functionName === undefined) throw new SlimError('PUBLISH_NAME_MISSING', []);
  if (config.alias === undefined)
    throw new SlimError('USAGE', ['--rollback needs --alias', 'lambda-slim publish', null]);
  const [{ openAccount }, { planRollback, runRollback }] = await Promise.all([
    import('../../aws/open-account.ts'),
    import('../../publish/rollback.ts'),
  ]);
  const signal = io.signal ?? new AbortController().signal;
  const { lambda, region } = await openAccount(io.env, { signal });
  const rollback = await planRollback(lambda, config.functionName, config.alias);
  const item = args['dry-run'] ? rollback.item : await runRollback(lambda, rollback);
  io.stdout.write(
    json
      ? formatDocument(tool, 'publish', {
          dryRun: args['dry-run'] === true,
          functionName: config.functionName,
          region,
          items: [item],
        })
      : formatRollback(config.functionName, item, chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}
