import { basename, resolve } from 'node:path';
import { type PlannedModel, planModelOfFolder, planModelOfFunction } from '../build-sagemaker.ts';
import { loadConfig } from '../config/load-config.ts';
import { SlimError } from '../errors.ts';
import { formatModelsPlanned, toModelPlanContent } from '../report/format-model.ts';
import { formatDocument } from '../report/json.ts';
import { chooseStyle } from '../report/style.ts';
import { type ChooseModelArgs, tellKind } from './choose-model.ts';
import { withContext } from './context.ts';
import { toExitCode } from './exit-code.ts';
import { toServingOptions } from './sagemaker-options.ts';
import type { Session } from './session.ts';

export type PlanModelsArgs = ChooseModelArgs & {
  readonly entry?: string | undefined;
  readonly cache?: boolean | undefined;
  readonly files?: boolean | undefined;
};

/** `plan --target sagemaker`: everything of a build of model archives but the writing. */
export async function planModels(args: PlanModelsArgs, session: Session): Promise<number> {
  const { io, tool, json } = session;
  const models = (await planFolder(args, session)) ?? (await planServed(args, session));
  const paths = { paths: args.files === true };
  io.stdout.write(
    json
      ? formatDocument(tool, 'plan', toModelPlanContent(models, paths))
      : formatModelsPlanned(models, paths, chooseStyle(io.stdout, io.env)),
  );
  return toExitCode(models);
}

/** Null where no folder is named. Throws `USAGE` for an archive, of which nothing is left to plan. */
async function planFolder(args: PlanModelsArgs, { io }: Session): Promise<readonly PlannedModel[] | null> {
  if (args.entry === undefined) return null;
  const path = resolve(io.cwd, args.entry);
  const kind = await tellKind(path);
  if (kind === 'entry') return null;
  if (kind === 'archive') {
    const problem = 'An archive is sent as it is; `lambda-slim build <archive> --target sagemaker` checks it';
    throw new SlimError('USAGE', [problem, 'lambda-slim plan', null]);
  }
  return [await planModelOfFolder(path, basename(path), toServingOptions(args, {}))];
}

async function planServed(args: PlanModelsArgs, session: Session): Promise<readonly PlannedModel[]> {
  const config = await loadConfig(session.io.cwd, args, session.io.env);
  const models: PlannedModel[] = [];
  for (const fn of config.functions) {
    const options = toServingOptions(args, fn.publish.config.sagemaker ?? {});
    models.push(await withContext(session, args, context => planModelOfFunction(fn, options, context)));
  }
  return models;
}
