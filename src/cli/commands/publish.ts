import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import type { PublishPlan, PublishSettings } from '../../publish-types.ts';
import { formatError, toErrorContent } from '../../report/format-error.ts';
import { formatFindings } from '../../report/format-findings.ts';
import { formatDryRun, formatPublished, formatRollback } from '../../report/format-publish.ts';
import { formatDocument, toFindingContent } from '../../report/json.ts';
import { joinLines } from '../../report/layout.ts';
import { chooseStyle } from '../../report/style.ts';
import type { Context } from '../../types.ts';
import type { Command } from '../command.ts';
import { confirmDeleting } from '../confirm-deleting.ts';
import { withContext } from '../context.ts';
import { efsPublishOptions, refuseWithoutEfs } from '../efs-options.ts';
import { toExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { meansModel } from '../means-model.ts';
import { buildOptions, commonOptions, outOptions } from '../options.ts';
import { buildSyncFunction, openEfsSubject, withBuiltTarget } from '../publish-efs.ts';
import { publishOptions, toFlags, toWishes } from '../publish-options.ts';
import { type Chosen, chooseSubject, findWishes } from '../publish-subject.ts';
import { refuseOthers, sagemakerPublishOptions } from '../sagemaker-options.ts';
import { EXIT, type Session } from '../session.ts';

/** Globs of what no rule may remove are the config's here: `--keep` counts versions. */
const options = {
  ...buildOptions,
  ...publishOptions,
  ...efsPublishOptions,
  ...sagemakerPublishOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type Args = InferredOptionTypes<typeof options> & { artifact: string | undefined };

const BUILT = Object.keys({ ...buildOptions, ...outOptions }).filter(name => !(name in publishOptions));

const EPILOGUE = `What is to last may stand in the config, under "publish": the name, the role, the alias and the rest.
Region, profile and endpoint are those of every AWS tool: AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL.
Exit codes: 0 done; 1 the artifact has a finding of level error, nothing was sent; 2 it could not, or not all of it.
See docs/publish.md.`;

const FINISHING =
  'Finishing the change of the function first, so that code and layers belong together. Ctrl-C again leaves it half-done; publishing again completes it.\n';

/** `publish`: puts a function into an account, and sends only what changed. */
export const publishCommand: Command<Args> = {
  usage: 'publish [artifact]',
  describe: 'Create or update the function in your account: zip, layers, EFS or SageMaker',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', {
        type: 'string',
        describe: 'Zip to publish, an entry to build, or a model; else the function of the config',
      })
      .options(options)
      .group(Object.keys(publishOptions), 'In the account:')
      .group(Object.keys(efsPublishOptions), 'With --target efs:')
      .group(Object.keys(sagemakerPublishOptions), 'With --target sagemaker:')
      .group(BUILT, 'What is built:')
      .example('$0 publish --function-name api', 'build, check, create or update')
      .example('$0 publish --target layer', 'packages as layers')
      .example('$0 publish --alias live --weight 10', 'a canary')
      .example('$0 publish --alias live --rollback', 'and back')
      .example('$0 publish --http-api', 'answers curl at once')
      .example('$0 publish ./model --target sagemaker --endpoint e', 'a model, on SageMaker')
      .example('$0 publish --dry-run', 'what it would do')
      .epilogue(EPILOGUE),
  async run(args, session) {
    const isModel = await meansModel(args.artifact, toBuildArgs(args), session.io);
    refuseOthers(args, isModel);
    if (isModel) return (await import('../publish-model.ts')).publishModel(toBuildArgs(args), session);
    if (args.rollback) return rollBack(args, session);
    return withContext(session, args, context => publishOne(args, session, context));
  },
};

async function publishOne(args: Args, session: Session, context: Context): Promise<number> {
  const { io } = session;
  const chosen = await chooseSubject(args.artifact, toBuildArgs(args), context, io);
  const { subject } = chosen;
  const { resolveSettings } = await import('../../publish/resolve-settings.ts');
  const wishes = withBuiltTarget(toWishes(args, subject.wishes), chosen);
  refuseWithoutEfs(args, wishes.config.target ?? 'zip');
  const efs = await openEfsSubject(chosen, wishes.config, args.sample, context, io);
  const settings = resolveSettings({ ...subject, wishes, efs }, toFlags(args));
  tellFindings(chosen, settings, io);
  if (toExitCode([chosen]) !== EXIT.ok) return refuse(chosen, settings.functionName, session);
  const [{ makeGuard }, { preparePublish }, { runPublish }, { openAccount }] = await Promise.all([
    import('../../publish/guard.ts'),
    import('../../publish/prepare-publish.ts'),
    import('../../publish/run-publish.ts'),
    import('../../aws/open-account.ts'),
  ]);
  const guard = makeGuard(context.signal, () => io.stderr.write(FINISHING));
  try {
    const account = await openAccount(io.env, { signal: guard.signal });
    context.progress.start('Looking at the account');
    const worker = settings.efs?.via === 'sync' ? await buildSyncFunction(context) : null;
    const { plan, state } = await preparePublish(chosen.artifact, settings, account, context, worker);
    context.progress.done();
    const findings = chosen.findings.map(toFindingContent);
    if (args['dry-run']) return await tellPlan(plan, findings, session);
    await confirmDeleting(plan, args.yes === true, io);
    const report = await runPublish(plan, { account, state, guard, progress: context.progress });
    io.stdout.write(
      session.json
        ? formatDocument(session.tool, 'publish', { dryRun: false, ...report, findings })
        : formatPublished(report, chooseStyle(io.stdout, io.env)),
    );
    return EXIT.ok;
  } finally {
    guard.close();
  }
}

function toBuildArgs({ keep: _keep, ...args }: Args): Omit<Args, 'keep'> {
  return args;
}

/** What a person should know of the artifact before it is sent. */
function tellFindings({ findings }: Chosen, { bucket, target }: PublishSettings, io: Io): void {
  // What is too large for a call goes through the bucket, or into layers.
  const isSplit = bucket !== null || target === 'layer';
  const serious = findings.filter(
    ({ level, code }) => level !== 'info' && !(isSplit && code === 'LIMIT_ZIPPED'),
  );
  if (serious.length === 0) return;
  io.stderr.write(joinLines(formatFindings(serious, chooseStyle(io.stderr, io.env))));
}

/** What has a finding of level error is not sent. */
function refuse({ artifact, findings }: Chosen, functionName: string, { io, tool, json }: Session): number {
  const error = new SlimError('PUBLISH_CHECK_FAILED', [artifact.path]);
  io.stderr.write(formatError(error, { debug: false }, chooseStyle(io.stderr, io.env)));
  const content = { functionName, findings: findings.map(toFindingContent), error: toErrorContent(error) };
  if (json) io.stdout.write(formatDocument(tool, 'publish', content));
  return EXIT.finding;
}

type FindingContents = readonly ReturnType<typeof toFindingContent>[];

async function tellPlan(
  plan: PublishPlan,
  findings: FindingContents,
  { io, tool, json }: Session,
): Promise<number> {
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
          findings,
        })
      : formatDryRun(plan, calls, chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}

/** Needs no artifact, so nothing is built. */
async function rollBack(args: Args, { io, tool, json }: Session): Promise<number> {
  const { config } = toWishes(args, await findWishes(toBuildArgs(args), io));
  if (config.functionName === undefined) throw new SlimError('PUBLISH_NAME_MISSING', []);
  refuseMixture(args);
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
      : formatRollback(config.functionName, item, !args['dry-run'], chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}

const NOT_WITH_ROLLBACK = [
  'weight',
  'publish',
  'url',
  'public',
  'http-api',
  'keep',
  'provisioned-concurrency',
] as const;

/** Moving an alias back does nothing else, so nothing else may be asked for. */
function refuseMixture(args: Args): void {
  const option = NOT_WITH_ROLLBACK.find(name => args[name] !== undefined);
  if (option !== undefined)
    throw new SlimError('USAGE', [
      `--rollback does nothing else, so --${option} does not go with it`,
      'lambda-slim publish',
      null,
    ]);
}
