import { SlimError } from '../errors.ts';
import type { EndpointPlan } from '../publish/sagemaker/types.ts';
import { formatError, toErrorContent } from '../report/format-error.ts';
import { formatFindings } from '../report/format-findings.ts';
import {
  formatAnswer,
  formatModelPlan,
  formatModelPublished,
  toAnswerContent,
} from '../report/format-model.ts';
import { formatDocument, toFindingContent } from '../report/json.ts';
import { joinLines } from '../report/layout.ts';
import { chooseStyle } from '../report/style.ts';
import type { Context } from '../types.ts';
import { type ChooseModelArgs, type ChosenModel, chooseModel } from './choose-model.ts';
import { withContext } from './context.ts';
import { toExitCode } from './exit-code.ts';
import { readSample } from './read-sample.ts';
import { type SagemakerArgs, toSagemakerConfig } from './sagemaker-options.ts';
import { EXIT, type Session } from './session.ts';

export type PublishModelArgs = ChooseModelArgs &
  SagemakerArgs & {
    readonly artifact?: string | undefined;
    readonly bucket?: string | undefined;
    readonly 'dry-run'?: boolean | undefined;
    readonly cache?: boolean | undefined;
  };

/** `publish --target sagemaker`: makes the archive, and creates or updates a serverless endpoint with it. */
export function publishModel(args: PublishModelArgs, session: Session): Promise<number> {
  return withContext(session, args, context => publishOne(args, session, context));
}

async function publishOne(args: PublishModelArgs, session: Session, context: Context): Promise<number> {
  const { io, tool, json } = session;
  const sample = await readSample(args, io.cwd);
  const chosen = await chooseModel(args.artifact, args, context, io);
  const { resolveEndpoint } = await import('../publish/sagemaker/settings.ts');
  const { config, environment, built } = chosen;
  const published = { ...config, bucket: args.bucket ?? config.bucket };
  const settings = resolveEndpoint(published, toSagemakerConfig(args, config.sagemaker ?? {}), environment);
  tellFindings(chosen, session);
  if (toExitCode([built]) !== EXIT.ok) return refuse(chosen, settings.endpoint, args, session);
  const [{ openEndpointAccount }, { prepareEndpoint }, { runEndpoint }] = await Promise.all([
    import('../aws/sagemaker/open-endpoint-account.ts'),
    import('../publish/sagemaker/prepare-endpoint.ts'),
    import('../publish/sagemaker/run-endpoint.ts'),
  ]);
  const { signal, progress } = context;
  const account = await openEndpointAccount(io.env, { signal });
  const archive = { ...built.artifact, framework: built.image.framework };
  const request = { archive, image: built.image, settings, waits: args['dry-run'] !== true };
  progress.start('Looking at the account');
  const plan = await prepareEndpoint(request, account, progress);
  progress.done();
  if (args['dry-run']) return tellPlan(plan, chosen, session);
  const report = await runEndpoint({ plan, account, progress });
  if (!json) io.stdout.write(formatModelPublished(report, chooseStyle(io.stdout, io.env)));
  const answer = sample && (await account.sagemaker.invoke({ endpoint: settings.endpoint, ...sample }));
  const findings = built.findings.map(toFindingContent);
  const { functionName: endpoint, urls: _, ...content } = report;
  if (json)
    io.stdout.write(
      formatDocument(tool, 'publish', {
        ...{ dryRun: false, target: 'sagemaker', endpoint, ...content, findings },
        answer: answer && toAnswerContent(answer),
      }),
    );
  else if (answer) io.stdout.write(formatAnswer(answer, chooseStyle(io.stdout, io.env)));
  return EXIT.ok;
}

/** What a person should know of the archive before it is sent. */
function tellFindings({ built }: ChosenModel, { io }: Session): void {
  const serious = built.findings.filter(({ level }) => level !== 'info');
  if (serious.length === 0) return;
  io.stderr.write(joinLines(formatFindings(serious, chooseStyle(io.stderr, io.env))));
}

/** What has a finding of level error is not sent. */
function refuse(
  { built }: ChosenModel,
  endpoint: string,
  { artifact, function: names = [] }: PublishModelArgs,
  { io, tool, json }: Session,
): number {
  const subject = artifact === undefined ? names.map(name => ['--function', name]) : [artifact];
  const command = ['lambda-slim build', ...subject.flat(), '--target sagemaker'].join(' ');
  const error = new SlimError('PUBLISH_CHECK_FAILED', [built.artifact.path, command]);
  io.stderr.write(formatError(error, { debug: false }, chooseStyle(io.stderr, io.env)));
  const findings = built.findings.map(toFindingContent);
  if (json)
    io.stdout.write(formatDocument(tool, 'publish', { endpoint, findings, error: toErrorContent(error) }));
  return EXIT.finding;
}

async function tellPlan(plan: EndpointPlan, { built }: ChosenModel, session: Session): Promise<number> {
  const { io, tool, json } = session;
  const { listEndpointCalls } = await import('../publish/sagemaker/list-endpoint-calls.ts');
  const { region, notes, wanted } = plan;
  const content = { endpoint: wanted.name, region, calls: listEndpointCalls(plan), notes };
  const findings = built.findings.map(toFindingContent);
  io.stdout.write(
    json
      ? formatDocument(tool, 'publish', { dryRun: true, target: 'sagemaker', ...content, findings })
      : formatModelPlan(content, chooseStyle(io.stdout, io.env)),
  );
  return EXIT.ok;
}
