import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findAwsServices } from '../../../../src/collect/python/own/find-aws-services.ts';
import type { Reached } from '../../../../src/collect/python/own/trace-python.ts';
import { type Files, withProject } from '../../../helpers/project.ts';

function find(files: Files): Promise<readonly string[] | null> {
  return withProject(files, async dir => {
    const place = { dir, findModule: async () => [] };
    const reached = Object.keys(files).map((path): [string, Reached] => [path, { place, parent: null }]);
    return findAwsServices(new Map(reached));
  });
}

const one = (source: string) => find({ 'app.py': `import boto3\n${source}\n` });

test('services are named to clients and resources, however those are made', async () => {
  assert.equal(await one('boto3.client("s3")'), ['s3']);
  assert.equal(await one("boto3.resource('dynamodb')\nboto3.Session().client('bedrock-runtime')"), [
    'bedrock-runtime',
    'dynamodb',
  ]);
  assert.equal(await one('boto3.client(\n    service_name="sqs", region_name="x")'), ['sqs']);
  assert.equal(await one('session.create_client("sts")\nfrom boto3 import client\nclient("sns")'), [
    'sns',
    'sts',
  ]);
});

test('a computed name means that nobody knows', async () => {
  assert.is(await one('boto3.client("s3")\nboto3.client(name)'), null);
  assert.is(await one('boto3.client(f"s{n}")'), null);
  assert.is(await one('boto3.client(service_name=name)'), null);
});

test('who names none, or does not use the SDK, gets no advice', async () => {
  assert.is(await one('import app'), null);
  assert.is(await find({ 'app.py': 'http.client("s3")' }), null);
});

test('the SDK itself passes names on, and other packages name their own', async () => {
  const sdk = { 'boto3/session.py': 'import botocore\nself.client(service_name)' };
  const other = { 'tool/a.py': 'import boto3\nboto3.client("ssm")' };
  assert.equal(await find({ 'app.py': 'import boto3\nboto3.client("s3")', ...sdk, ...other }), ['s3', 'ssm']);
});

test('methods of that name with no name in them are no call of the SDK', async () => {
  assert.equal(await one('def client(self): pass\nboto3.client("s3")\nself.client()'), ['s3']);
});

test.run();
