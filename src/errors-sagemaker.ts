/** The messages of `errors.ts` that are about SageMaker. */
export const SAGEMAKER_MESSAGES = {
  SAGEMAKER_NAME_MISSING: () => ({
    message: 'It is not said which endpoint of the account this is to be.',
    hint: 'Give --endpoint, or "publish": { "sagemaker": { "endpoint": … } } in the config. It is never guessed, so that no other endpoint is changed.',
  }),
  SAGEMAKER_SETTING: (problems: readonly string[]) => ({
    message: `SageMaker would refuse this: ${problems.join('; ')}.`,
    hint: 'Change the settings in the config or on the command line. Nothing was sent.',
  }),
  SAGEMAKER_IMAGE_UNKNOWN: (framework: string, version: string, known: readonly string[]) => ({
    message: `No image of SageMaker for ${framework} ${version} is known. Known are ${known.join(', ')}.`,
    hint: 'Choose one of them with --framework-version, or name an image by its URI with --image.',
  }),
  SAGEMAKER_REGION_UNKNOWN: (region: string, known: readonly string[]) => ({
    message: `It is not known which account has SageMaker's images in ${region}. Known are ${known.join(', ')}.`,
    hint: 'Name the image by its URI with --image.',
  }),
  SAGEMAKER_FRAMEWORK: (where: string, reason: string) => ({
    message: `It cannot be told which framework ${where} is for: ${reason}.`,
    hint: 'Say it with --framework pytorch or --framework tensorflow.',
  }),
  SAGEMAKER_LAYOUT: (where: string, reason: string, hint: string) => ({
    message: `${where} cannot be laid out for SageMaker: ${reason}.`,
    hint,
  }),
  SAGEMAKER_ARCHIVE: (path: string, reason: string) => ({
    message: `${path} cannot be read as a tar archive that gzip compressed: ${reason}.`,
    hint: 'Give the folder instead; lambda-slim makes the archive.',
  }),
  SAGEMAKER_ROLE_NEEDED: (name: string) => ({
    message: `${name} needs a role that SageMaker can take, and none is named.`,
    hint: 'Name one with --role: it trusts sagemaker.amazonaws.com, and may read the bucket, pull from ECR and write its log (docs/sagemaker.md has the policy).',
  }),
  SAGEMAKER_BUCKET_NEEDED: (bytes: number) => ({
    message: `SageMaker takes models from S3 only, and no bucket is named for these ${bytes} bytes.`,
    hint: 'Name a bucket of the same region with --bucket.',
  }),
  SAGEMAKER_NOT_SERVERLESS: (name: string) => ({
    message: `The endpoint ${name} runs on instances, and SageMaker turns none of those into a serverless one.`,
    hint: 'Publish under another name with --endpoint, or delete that endpoint first.',
  }),
  SAGEMAKER_ENDPOINT_FAILED: (name: string, reason: string, log: string) => ({
    message: `The endpoint ${name} did not come up: ${reason}`,
    hint: `Its log says more: \`aws logs tail ${log}\`. Mend it and run the command again; an endpoint that failed is deleted and made anew then.`,
  }),
  SAGEMAKER_FAILED_FOREIGN: (name: string, reason: string) => ({
    message: `The endpoint ${name} failed, and was not made by lambda-slim: ${reason} SageMaker lets it only be deleted.`,
    hint: 'Delete it (`aws sagemaker delete-endpoint`) and publish again, or choose another name.',
  }),
  SAGEMAKER_ROLLED_BACK: (name: string, reason: string, log: string) => ({
    message: `SageMaker took the update of ${name} back: ${reason} The endpoint answers as before.`,
    hint: `The log says more: \`aws logs tail ${log}\`. Mend it and run the command again.`,
  }),
  SAGEMAKER_NOT_READY: (name: string, seconds: number) => ({
    message: `The endpoint ${name} is not ready after ${seconds} s; SageMaker goes on without us.`,
    hint: 'Run the command again: it waits for what is under way, and sends nothing twice.',
  }),
  SAGEMAKER_MODEL_FAILED: (name: string, status: number, answer: string, log: string) => ({
    message: `The model behind ${name} answered ${status}: ${answer}`,
    hint: `The endpoint is there; only this sample failed. Look at the sample and its --content-type, and at the log: \`aws logs tail ${log}\`.`,
  }),
  SAGEMAKER_SAMPLE: (path: string, bytes: number, limit: number) => ({
    message: `The sample ${path} has ${bytes} bytes, and a serverless endpoint takes ${limit}.`,
    hint: 'Give a smaller one.',
  }),
} as const;
