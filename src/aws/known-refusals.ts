/** What a refusal of AWS means, and what to do about it. */
export interface Advice {
  readonly meaning: string;
  readonly hint: string;
}

interface KnownRefusal extends Advice {
  /** Matches `<name of the error>: <text of AWS>`. */
  readonly text: RegExp;
}

const SMALLER = 'Detach a layer that is not needed, or make code and layers smaller (`lambda-slim build`).';
const BY_BUCKET = 'Name a bucket with --bucket, so that the zip goes through S3.';

/** Texts are those that facts/aws.md 1.2 records; numbers in them vary. */
const REFUSALS: readonly KnownRefusal[] = [
  {
    text: /Zipped size must be smaller than|Request must be smaller than \d+ bytes for the (?:Create|UpdateFunctionCode|PublishLayer)/,
    meaning: 'A zip of more than 50 MB cannot be sent in the call itself.',
    hint: BY_BUCKET,
  },
  {
    text: /Unzipped size must be smaller than/,
    meaning:
      'Code and layers may have 262,144,000 bytes unzipped; the number is what the layers leave of it.',
    hint: SMALLER,
  },
  {
    text: /Function code combined with layers exceeds|Layers consume more than the available size/,
    meaning: 'Unzipped, code and layers are larger than a function may be.',
    hint: SMALLER,
  },
  {
    text: /Cannot reference more than 5 layers/,
    meaning: 'A function has five layers at most, those of others included.',
    hint: 'Detach one, or publish with --target zip.',
  },
  {
    text: /Two different versions of the same layer/,
    meaning: 'One layer would be attached twice.',
    hint: 'Name only one version of it.',
  },
  {
    text: /Layers are not in the same region/,
    meaning: 'A function takes layers of its own region only.',
    hint: 'Name the ARN of the layer in that region, or set AWS_REGION to the region of the layers.',
  },
  {
    text: /Layer version \S+ does not exist/,
    meaning: 'Somebody deleted it, or it was never there.',
    hint: 'Take it out of the layers to be attached, or name a version that is there (`aws lambda list-layer-versions`).',
  },
  {
    text: /Could not unzip uploaded file|InvalidZipFileException/,
    meaning:
      'What arrived is no zip that Lambda reads: damaged, with ZIP64 records, or compressed by another method than Deflate.',
    hint: 'Build it anew with `lambda-slim build`, and publish that.',
  },
  {
    text: /GetObject[\s\S]*(?:NoSuchKey|NoSuchBucket)/,
    meaning: 'The zip is no longer in the bucket, or the bucket is gone.',
    hint: 'Run the command again: it sends the zip anew. Check the name given with --bucket.',
  },
  {
    text: /GetObject[\s\S]*AccessDenied/,
    meaning: 'Lambda may not read the zip in the bucket.',
    hint: 'Allow s3:GetObject and s3:GetObjectVersion; zips that stay in the bucket need a bucket policy that allows both to lambda.amazonaws.com.',
  },
  {
    text: /GetObject[\s\S]*PermanentRedirect/,
    meaning: 'The bucket lies in another region than the function.',
    hint: 'Name a bucket of the same region with --bucket.',
  },
  {
    text: /environment variables you have provided exceeded the 4KB limit|bytes for the UpdateFunctionConfiguration operation/,
    meaning:
      'All variables together may have 4,096 bytes as compact JSON, those included that the function had before.',
    hint: 'Take variables away, or read long values from a file, from SSM or from Secrets Manager.',
  },
  {
    text: /runtime parameter of \S+ is no longer supported/,
    meaning: 'AWS has retired this runtime; functions that have it go on, and cannot be changed.',
    hint: 'Set a newer "runtime" in the config, build again, and publish that.',
  },
  {
    text: /PreconditionFailedException/,
    meaning: 'Somebody else changed it meanwhile.',
    hint: 'Look at what was changed, and run the command again.',
  },
  {
    text: /is different from current CodeSHA256 in \$LATEST/,
    meaning: 'Somebody else put another code there meanwhile.',
    hint: 'Run the command again when nobody else deploys.',
  },
  {
    text: /ResourceConflictException: The operation cannot be performed at this time/,
    meaning: 'Another update was still in progress after a long wait.',
    hint: 'Wait until it is done, and run the command again.',
  },
  {
    text: /Provisioned Concurrency Configs cannot be applied to unpublished/,
    meaning: 'Only versions and aliases can have it.',
    hint: 'Name an alias with --alias.',
  },
  {
    text: /CodeStorageExceededException|Code storage limit/,
    meaning:
      'The code of all functions, versions and layers of the region has reached what an account may store.',
    hint: 'Delete old versions of functions and layers (--keep), or leave zips in S3 with storage mode REFERENCE.',
  },
  {
    text: /cannot be assumed by Lambda/,
    meaning: 'The trust policy of the role does not name Lambda, or the role was made a moment ago.',
    hint: 'Let the role trust lambda.amazonaws.com, or make one with --create-role.',
  },
  {
    text: /execution role does not have permissions to call \w+ on EC2/,
    meaning: 'A function in a VPC needs network interfaces, which its role may not make.',
    hint: 'Attach AWSLambdaVPCAccessExecutionRole to the role, or make one with --create-role.',
  },
  {
    text: /EFSMountConnectivityException|S3FilesMountConnectivityException|EFSMountTimeoutException|S3FilesMountTimeoutException/,
    meaning: 'The function could not reach the file system.',
    hint: 'Its subnets need a mount target in each of their availability zones, and the security group of the mount targets has to let the function in at TCP 2049.',
  },
  {
    text: /EFSMountFailureException|S3FilesMountFailureException/,
    meaning: 'The file system refused the function.',
    hint: "The function's role needs elasticfilesystem:ClientMount and ClientWrite (of S3 Files: s3files:ClientMount and ClientWrite); look at the policy of the file system and the access point too.",
  },
  {
    text: /EFSIOException/,
    meaning:
      'The file system failed while the function read or wrote, for instance because its throughput was used up.',
    hint: 'Look at its metrics (BurstCreditBalance, PercentIOLimit); elastic throughput has no credits.',
  },
  {
    text: /reference access point/,
    meaning: 'A file system is mounted through a VPC.',
    hint: 'Give the function a VPC: "publish": { "vpc": { "subnetIds": […], "securityGroupIds": […] } } in the config, or --subnet and --security-group.',
  },
  {
    text: /KMS key is invalid for CreateGrant/,
    meaning: 'The role was deleted and made anew under the same name, or is not known everywhere yet.',
    hint: 'Wait a minute and run the command again.',
  },
  {
    text: /Reserved keys used in this request/i,
    meaning: 'Lambda sets these variables itself.',
    hint: 'Take them out of the environment in the config.',
  },
  {
    text: /PolicyLengthExceededException/,
    meaning: 'The resource policy of a function may have 20 KB.',
    hint: 'Remove statements that are no longer needed (`aws lambda get-policy`, `aws lambda remove-permission`).',
  },
  {
    text: /Could not assume role \S+[\s\S]*sagemaker/i,
    meaning: 'The trust policy of the role does not name SageMaker, or the role was made a moment ago.',
    hint: 'Let the role trust sagemaker.amazonaws.com; docs/sagemaker.md has the policies.',
  },
  {
    text: /Could not access model data at/,
    meaning: 'SageMaker, as that role, may not read the archive, or it is gone from the bucket.',
    hint: 'Allow s3:GetObject on the bucket to the role, and run the command again.',
  },
  {
    text: /account-level service limit '?[\w\s-]*(?:serverless|concurrency|endpoint)/i,
    meaning:
      'The account has reached what it may have of serverless endpoints in the region: their number, their concurrent calls, or their memory.',
    hint: 'Delete endpoints that nobody asks, lower --max-concurrency or --memory, or ask for more in Service Quotas.',
  },
];

/** Finds what is known of a refusal; null where AWS's own words have to do. */
export function findAdvice(name: string, text: string): Advice | null {
  return REFUSALS.find(refusal => refusal.text.test(`${name}: ${text}`)) ?? null;
}
