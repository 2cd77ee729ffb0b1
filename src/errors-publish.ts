/** The messages of `errors.ts` that are about publishing; those of AWS itself are in `errors-aws.ts`. */
export const PUBLISH_MESSAGES = {
  PUBLISH_NAME_MISSING: () => ({
    message: 'It is not said which function of the account this is to be.',
    hint: 'Give --function-name, or "publish": { "functionName": … } in the config. It is never guessed, so that no other function is overwritten.',
  }),
  PUBLISH_SETTING: (problems: readonly string[]) => ({
    message: `AWS would refuse this: ${problems.join('; ')}.`,
    hint: 'Change the settings in the config or on the command line. Nothing was sent.',
  }),
  PUBLISH_CHECK_FAILED: (artifact: string, command = 'lambda-slim check') => ({
    message: `${artifact} has a finding of level error, so it was not sent.`,
    hint: `Mend what the findings say (\`${command}\` prints them again).`,
  }),
  BUCKET_NEEDED: (path: string, bytes: number, limit: number) => ({
    message:
      bytes > limit
        ? `${path} has ${bytes} bytes; what is over ${limit} has to go through S3.`
        : `${path} is to be left in S3 (storage mode reference), and no bucket is named.`,
    hint: 'Name a bucket of the same region with --bucket, or put weight into layers with --target layer.',
  }),
  BUCKET_UNVERSIONED: (bucket: string) => ({
    message: `Storage mode reference needs a version of the object, and ${bucket} keeps none.`,
    hint: 'Switch on versioning (`aws s3api put-bucket-versioning`), or use the storage mode copy.',
  }),
  FUNCTION_IS_IMAGE: (name: string) => ({
    message: `${name} is deployed as a container image; a zip cannot take its place.`,
    hint: 'Publish under another name, or delete that function first.',
  }),
  ROLE_NEEDED: (name: string) => ({
    message: `${name} does not exist yet, and a new function needs an execution role.`,
    hint: 'Name one with --role (name or ARN), or let --create-role make one that may write its logs and no more.',
  }),
  ROLE_MISSING: (role: string, instead = 'let --create-role make one') => ({
    message: `There is no role ${role} in this account.`,
    hint: `Check the name and AWS_PROFILE, or ${instead}.`,
  }),
  TOO_MANY_LAYERS: (count: number, limit: number) => ({
    message: `The function would have ${count} layers, and Lambda takes ${limit}.`,
    hint: 'Detach layers of others, leave some out of "attach", or name a --bucket: a layer that goes through S3 may be larger, so fewer are needed.',
  }),
  URL_NEEDS_PUBLIC: () => ({
    message: 'A function URL without IAM lets everyone in the world call the function, at your cost.',
    hint: 'Say --public too if that is meant, or leave "auth" at "iam".',
  }),
  URL_IS_PUBLIC: (url: string) => ({
    message: `${url} is open to everyone, and the settings say nothing of it; closing it would shut out those who use it.`,
    hint: 'Say --public to leave it open, or delete the URL (`aws lambda delete-function-url-config`) and publish again to have one with IAM.',
  }),
  PUBLISH_INCOMPLETE: (done: readonly string[], left: readonly string[], reason: string, hint: string) => ({
    message: `Publishing stopped: ${reason} Done: ${done.join('; ') || 'nothing'}. Not done: ${left.join('; ')}.`,
    hint: `${hint} The same command then completes the rest; what is done is not done twice.`,
  }),
  SWITCH_UNDONE: (name: string, reason: string) => ({
    message: `${name} could not be changed, and works as before: code and layers change together or not at all. ${reason}`,
    hint: 'Mend what it names, and run the command again.',
  }),
  SWITCH_HALF_DONE: (name: string, half: string, reason: string) => ({
    message: `$LATEST of ${name} may have the new ${half} only, and it could not be put back. ${reason}`,
    hint: 'Run the command again at once; versions and aliases are not touched by this.',
  }),
  PUBLISHED_MEANWHILE: (name: string) => ({
    message: `${name} was changed by somebody else meanwhile.`,
    hint: 'See what they did, and run the command again.',
  }),
  NO_ROLLBACK: (alias: string, reason: string) => ({
    message: `${alias} cannot be rolled back: ${reason}.`,
    hint: '`aws lambda list-versions-by-function` shows the versions; `aws lambda update-alias` moves an alias to any of them.',
  }),
  CONFIRMATION_NEEDED: (what: readonly string[]) => ({
    message: `This deletes ${what.join(', ')}, and nobody is here to be asked.`,
    hint: 'Say --yes if that is meant, or leave out --keep. `--dry-run` shows what it would do.',
  }),
  LAYERS_IMPOSSIBLE: (reason: string) => ({
    message: `The packages cannot be split into layers: ${reason}.`,
    hint: 'Name a --bucket (layers that go through S3 are not bound to 50 MB zipped), detach layers of others, or make the function smaller: `lambda-slim plan` shows what is large.',
  }),
  LAYERS_UNSUITED: (reason: string) => ({
    message: `This artifact cannot be split into layers: ${reason}.`,
    hint: 'Publish it with --target zip, or build it without what is named.',
  }),
} as const;
