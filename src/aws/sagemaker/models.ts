import { askAgain } from '../ask-again.ts';
import { awsCause, isAwsError, takeIfDone } from '../aws-cause.ts';
import type { PatientSagemaker } from './open-sagemaker-api.ts';
import { orMissing } from './or-missing.ts';
import { toTags } from './to-tags.ts';
import type { NewModel } from './types.ts';

/** How SageMaker says that a role, or what it allows, is not known everywhere yet; a wrong role gets the same words. */
const NEW_ROLE = /^Could not assume role |access denied for s3:|Could not access model data/i;
const NEW_ROLE_MS = 30_000;
/** In polls. */
const NEW_ROLE_PAUSE = 10;

export async function hasModel({ call }: PatientSagemaker, name: string): Promise<boolean> {
  const asked = call(`Looking for the model ${name}`, (sagemaker, http) =>
    sagemaker.describeModel({ ModelName: name }, http),
  );
  return (await orMissing(asked)) !== null;
}

/** Creates a model; one of the name is the same, and taken for an answer that was lost. */
export async function createModel(on: PatientSagemaker, model: NewModel): Promise<void> {
  const { call, patience } = on;
  const create = () =>
    call(`Creating the model ${model.name}`, (sagemaker, http) =>
      sagemaker.createModel(
        {
          ModelName: model.name,
          ExecutionRoleArn: model.roleArn,
          PrimaryContainer: {
            Image: model.image,
            ModelDataUrl: model.archive,
            Environment: { ...model.environment },
          },
          Tags: toTags(model.tags),
        },
        http,
      ),
    ).then(() => true);
  const creating = askAgain(create, {
    signal: patience.signal,
    waitMs: Math.min(patience.waitMs, NEW_ROLE_MS),
    pauseMs: NEW_ROLE_PAUSE * patience.pollMs,
    mayPass: error => isInvalid(error) && NEW_ROLE.test(awsCause(error)?.message ?? ''),
  });
  await takeIfDone(creating, ['ValidationException', 'ValidationError', 'ResourceInUse'], async () =>
    (await hasModel(on, model.name)) ? true : null,
  );
}

function isInvalid(error: unknown): boolean {
  return isAwsError(error, 'ValidationException', 'ValidationError');
}
