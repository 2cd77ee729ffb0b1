import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createHandler } from './create-handler.ts';
import { openS3, readObjects } from './read-objects.ts';

const s3 = openS3(process.env);
/** It asks for little, and a VPC often has no way to it: then that has to be known soon. */
const lambda = new LambdaClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1500, socketTimeout: 1500 },
});

/** The Lambda handler that fills a folder on EFS from a bundle in S3. */
export const handler = createHandler({
  openObjects: (bucket, prefix) => readObjects(s3, bucket, prefix),
  async startNext(FunctionName, request) {
    const Payload = Buffer.from(JSON.stringify(request));
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  },
  log: text => console.log(text),
});
