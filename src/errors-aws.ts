/** What a refusal means, and what to do about it. */
export interface Advice {
  readonly meaning: string;
  readonly hint: string;
}

/** The messages of `errors.ts` that are about AWS and what is deployed there. */
export const AWS_MESSAGES = {
  AWS_CREDENTIALS: (reason: string) => ({
    message: `AWS did not get credentials that it accepts: ${reason}.`,
    hint: 'Log in (`aws sso login`, `aws configure`), choose a profile with AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  }),
  AWS_REGION_MISSING: () => ({
    message: 'No AWS region is set, or none that can be one, so it is not known which one to ask.',
    hint: 'Set AWS_REGION, or a region in the profile that AWS_PROFILE names.',
  }),
  AWS_NOT_FOUND: (action: string, reason: string) => ({
    message: `${action}: AWS does not know it in this account and region. ${reason}`,
    hint: 'Check the name, AWS_REGION and AWS_PROFILE; `aws lambda list-functions` shows what is there.',
  }),
  AWS_DENIED: (action: string, reason: string) => ({
    message: `${action}: the permission is missing. ${reason}`,
    hint: 'Let the policy of the user or role allow the action that AWS names.',
  }),
  AWS_THROTTLED: (action: string, reason: string) => ({
    message: `${action}: AWS throttled it, also when it was asked again. ${reason}`,
    hint: 'Ask for fewer at a time, wait a minute, or raise the concurrency of the function.',
  }),
  AWS_UNREACHABLE: (action: string, reason: string) => ({
    message: `${action}: AWS cannot be reached (${reason}).`,
    hint: 'Check the network, HTTPS_PROXY, AWS_REGION, and AWS_ENDPOINT_URL if you set one.',
  }),
  AWS_REFUSED: (action: string, name: string, reason: string, advice: Advice | null = null) => ({
    message: `${action}: AWS answered ${name}. ${reason}${advice ? ` ${advice.meaning}` : ''}`,
    hint: advice?.hint ?? 'Mend what it names, and run the command again.',
  }),
  AWS_FAILED: (action: string, answer: string, reason: string) => ({
    message: `${action}: AWS failed (${answer}), also when it was asked again. ${reason}`,
    hint: 'Run the command again in some minutes; https://health.aws.amazon.com tells of outages.',
  }),
  CODE_NOT_FETCHED: (name: string, reason: string) => ({
    message: `The code of ${name} cannot be checked: ${reason}.`,
    hint: 'Check the zip or folder that it was deployed from.',
  }),
  REPORT_MISSING: (name: string) => ({
    message: `${name} answered, but the end of its log has no report, so there are no times.`,
    hint: 'With the log format JSON, set its system log level to INFO or DEBUG.',
  }),
  ENVIRONMENT_UNREADABLE: (name: string, reason: string) => ({
    message: `The variables of ${name} cannot be read, and setting one would erase the others: ${reason}.`,
    hint: 'Allow kms:Decrypt on the key of the function; or measure without --force-cold, publish without variables in the config.',
  }),
  ENVIRONMENT_LEFT: (name: string, variable: string, reason: string) => ({
    message: `The variable ${variable} could not be removed from ${name} again: ${reason}.`,
    hint: `Remove it by hand; no other variable was touched. A next run with --force-cold removes it as well.`,
  }),
  FUNCTION_NOT_READY: (name: string, reason: string, advice: Advice | null = null) => ({
    message: `${name} is not ready: ${reason}.${advice ? ` ${advice.meaning}` : ''}`,
    hint: advice?.hint ?? 'Wait until no update is in progress, or mend the one that failed.',
  }),
  PROVISIONING_FAILED: (name: string, reason: string) => ({
    message: `The provisioned concurrency of ${name} did not come: ${reason}.`,
    hint: 'See whether the function starts (`lambda-slim invoke`), and whether the account has concurrency left; then run the command again.',
  }),
  PAGE_CACHE_KEPT: (reason: string) => ({
    message: `Cold starts from disk cannot be measured here: ${reason}.`,
    hint: 'Measure with --page-cache warm; or on Linux as root, or with python3 installed.',
  }),
  BUCKET_MISSING: (bucket: string) => ({
    message: `There is no bucket ${bucket}.`,
    hint: `Check its name, and AWS_PROFILE; \`aws s3 mb s3://${bucket}\` makes one.`,
  }),
  BUCKET_REGION: (bucket: string, region: string, other: string | null) => ({
    message: `The bucket ${bucket} lies in ${other ?? 'another region'}, and the function in ${region}; Lambda takes code only from a bucket of its own region.`,
    hint: 'Name a bucket of the same region with --bucket, or set AWS_REGION.',
  }),
  PACKAGE_CHANGED: (path: string) => ({
    message: `${path} is not what it was when publishing began; nothing of it was put in place.`,
    hint: 'Publish again when nothing else writes to it.',
  }),
  UPLOAD_INCOMPLETE: (bucket: string, key: string, sent: number, parts: number, reason: string) => ({
    message: `${sent} of ${parts} parts of s3://${bucket}/${key} were sent, then it failed: ${reason}`,
    hint: 'Run the command again: it goes on with the parts that are there. A lifecycle rule of the bucket with AbortIncompleteMultipartUpload removes those that nobody completes.',
  }),
  ROLE_TAKEN: (role: string, functionName: string) => ({
    message: `There is a role ${role} already, and it was not made for ${functionName} by lambda-slim, so it stays as it is.`,
    hint: 'Name it with --role to use it as it is, or delete it if nothing needs it.',
  }),
} as const;
