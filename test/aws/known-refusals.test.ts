import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { explainAwsError } from '../../src/aws/explain-aws-error.ts';
import { findAdvice } from '../../src/aws/known-refusals.ts';
import { SlimError } from '../../src/errors.ts';

const INVALID = 'InvalidParameterValueException';
const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:a';

/** The name and text of each refusal as facts/aws.md 1.2 records it, and a word of the hint that it needs. */
const RECORDED: readonly (readonly [name: string, text: string, hint: string])[] = [
  ['RequestEntityTooLargeException', 'Zipped size must be smaller than 52428800 bytes', '--bucket'],
  [
    'RequestEntityTooLargeException',
    'Request must be smaller than 70167211 bytes for the CreateFunction operation',
    '--bucket',
  ],
  [
    'RequestEntityTooLargeException',
    'Request must be smaller than 69905067 bytes for the UpdateFunctionCode operation',
    '--bucket',
  ],
  [
    'RequestEntityTooLargeException',
    'Request must be smaller than 70167211 bytes for the PublishLayerVersion operation',
    '--bucket',
  ],
  [
    'RequestEntityTooLargeException',
    'Request must be smaller than 5120 bytes for the UpdateFunctionConfiguration operation',
    'variables',
  ],
  [
    'ValidationException',
    "Could not assume role arn:aws:iam::123456789012:role/a. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
    'trust sagemaker.amazonaws.com',
  ],
  [
    'ValidationException',
    'Could not access model data at s3://b/k. Please ensure that the role exists and that its permissions allow access.',
    's3:GetObject',
  ],
  [
    'ResourceLimitExceeded',
    "The account-level service limit 'Memory size in MB per serverless endpoint' is 3072 MBs, with current utilization of 0 MBs and a request delta of 4096 MBs.",
    '--memory',
  ],
  [INVALID, 'Unzipped size must be smaller than 262144000 bytes', 'smaller'],
  [INVALID, 'Unzipped size must be smaller than 255174947 bytes', 'Detach a layer'],
  [
    INVALID,
    'Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size is 300000000 bytes.',
    'Detach a layer',
  ],
  [INVALID, 'Layers consume more than the available size of 262144000 bytes', 'Detach a layer'],
  [INVALID, 'Cannot reference more than 5 layers.', '--target zip'],
  [
    INVALID,
    `Two different versions of the same layer are not allowed to be referenced in the same function. ${LAYER}:1 and ${LAYER}:2 are versions of the same layer.`,
    'one version',
  ],
  [
    INVALID,
    'Layers are not in the same region as the function. Layers are expected to be in region eu-west-1.',
    'AWS_REGION',
  ],
  [INVALID, `Layer version ${LAYER}:9 does not exist.`, 'list-layer-versions'],
  [
    INVALID,
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
    'lambda-slim build',
  ],
  [
    INVALID,
    'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
    '--bucket',
  ],
  [
    INVALID,
    'Error occurred while GetObject. S3 Error Code: AccessDenied. S3 Error Message: Access Denied',
    's3:GetObject',
  ],
  [
    INVALID,
    'Error occurred while GetObject. S3 Error Code: PermanentRedirect. S3 Error Message: The bucket is in this region: us-east-1. Please use this region to retry the request',
    'same region',
  ],
  [
    INVALID,
    'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"A1":"b"}',
    'Secrets Manager',
  ],
  [
    INVALID,
    'The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime.',
    '"runtime"',
  ],
  [
    'ResourceConflictException',
    `The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:eu-west-1:123456789012:function:x`,
    'Wait',
  ],
  [
    INVALID,
    'CodeSHA256 (abc) is different from current CodeSHA256 in $LATEST (def). Please try again with the CodeSHA256 in $LATEST.',
    'nobody else',
  ],
  [
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    'again',
  ],
  [INVALID, 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.', '--alias'],
  ['CodeStorageExceededException', 'Code storage limit exceeded.', '--keep'],
  [INVALID, 'The role defined for the function cannot be assumed by Lambda.', '--create-role'],
  [
    INVALID,
    'The provided execution role does not have permissions to call CreateNetworkInterface on EC2',
    'AWSLambdaVPCAccessExecutionRole',
  ],
];

test('each text that is known says what it means and what to do', () => {
  for (const [name, text, hint] of RECORDED) {
    const thrown = Object.assign(new Error(text), {
      name,
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const explained = explainAwsError(thrown, 'Trying');
    assert.ok(explained instanceof SlimError && explained.code === 'AWS_REFUSED', text);
    assert.match(explained.message, findAdvice(name, text)?.meaning ?? 'no advice', text);
    assert.match(explained.hint, hint, text);
  }
});

test('the words of AWS are kept before what they mean', () => {
  const thrown = Object.assign(new Error('Cannot reference more than 5 layers.'), {
    name: INVALID,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  });
  const { message } = explainAwsError(thrown, 'Updating the configuration of x') as SlimError;
  assert.is(
    message,
    'Updating the configuration of x: AWS answered InvalidParameterValueException. Cannot reference more than 5 layers. A function has five layers at most, those of others included.',
  );
});

test('an unknown text has no advice, and the hint is a general one', () => {
  assert.is(findAdvice(INVALID, 'Something new.'), null);
  assert.is(findAdvice('ResourceConflictException', 'Function already exist: x'), null);
});

test.run();
