import { resolve } from 'node:path';
import type { BuiltModel } from '../build-sagemaker.ts';
import { findOutFile } from '../config/find-out-file.ts';
import { loadConfig } from '../config/load-config.ts';
import { checkContainer } from '../publish/sagemaker/settings.ts';
import { formatModelBuilt, toModelContent } from '../report/format-model.ts';
import { formatDocument } from '../report/json.ts';
import { chooseStyle } from '../report/style.ts';
import { buildServed, type ChooseModelArgs, openNamed } from './choose-model.ts';
import { withContext } from './context.ts';
import { toExitCode } from './exit-code.ts';
import type { Session } from './session.ts';

export type BuildModelsArgs = ChooseModelArgs & {
  readonly entry?: string | undefined;
  readonly cache?: boolean | undefined;
};

/** `build --target sagemaker`: writes the model archives of a folder, an entry, or the functions of the config. */
export async function buildModels(args: BuildModelsArgs, session: Session): Promise<number> {
  const { io, tool, json } = session;
  const built = await withContext(session, args, async context => {
    const path = args.entry === undefined ? null : resolve(io.cwd, args.entry);
    const named = path === null ? null : await openNamed(path, args, context, io);
    return named;
  });
  const models = built ? [built] : await buildFunctions(args, session);
  io.stdout.write(
    json
      ? formatDocument(tool, 'build', toModelContent(models))
      : formatModelBuilt(models, chooseStyle(io.stdout, io.env)),
  );
  return toExitCode(models);
}

async function buildFunctions(args: BuildModelsArgs, session: Session): Promise<readonly BuiltModel[]> {
  const config = await loadConfig(session.io.cwd, args, session.io.env);
  const models: BuiltModel[] = [];
  for (const fn of config.functions) checkContainer(fn.publish.config.sagemaker ?? {}, fn.environment);
  for (const fn of config.functions)
    models.push(
      await withContext(session, args, context => buildServed(fn, findOutFile(config, fn), args, context)),
    );
  return models;
}
