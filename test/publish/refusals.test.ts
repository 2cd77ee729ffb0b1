import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ErrorCode } from '../../src/errors.ts';
import type { AwsStubOptions } from '../helpers/aws-stub/aws-stub.ts';
import { type Contents, type Wish, withPublishing } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

const FILES: Contents = { 'index.mjs': 'handler', 'node_modules/a/index.js': 'a' };
const VALUE = 'not-for-everybody';

interface Case {
  readonly name: string;
  readonly options?: AwsStubOptions;
  readonly wish: Wish;
  readonly code: ErrorCode;
  readonly text: string | RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'code of 250 MiB',
    wish: { files: { ...FILES, 'model.bin': { claims: 262_144_000 } } },
    code: 'PUBLISH_SETTING',
    text: '262144008 bytes unzipped, and it has to be less than 262144000',
  },
  {
    name: 'code and layers of 250 MiB together',
    wish: {
      files: { ...FILES, 'node_modules/b/b.node': { claims: 262_144_000 - 8 } },
      config: { target: 'layer' },
    },
    code: 'PUBLISH_SETTING',
    text: 'code and layers have 262144000 bytes',
  },
  {
    name: 'variables that are too large with those that are there',
    options: {
      seed: {
        functions: { classify: { settings: { Environment: { Variables: { OLD: 'x'.repeat(4000) } } } } },
      },
    },
    wish: { files: FILES, environment: { NEW: VALUE.repeat(6) } },
    code: 'PUBLISH_SETTING',
    text: /the variables take 41\d\d bytes as JSON, and 4096 are allowed/,
  },
  {
    name: 'a new function without a role',
    wish: { files: FILES, config: { role: undefined } },
    code: 'ROLE_NEEDED',
    text: 'a new function needs an execution role',
  },
  {
    name: 'a role that is not there, for a new function',
    wish: { files: FILES, config: { role: 'nobody' } },
    code: 'ROLE_MISSING',
    text: 'There is no role nobody',
  },
  {
    name: 'a role that is not there, for one that is there',
    options: { seed: { functions: { classify: {} } } },
    wish: { files: FILES, config: { role: 'nobody' } },
    code: 'ROLE_MISSING',
    text: 'There is no role nobody',
  },
  {
    name: 'a function that is an image',
    options: { seed: { functions: { classify: { settings: { PackageType: 'Image' } } } } },
    wish: { files: FILES },
    code: 'FUNCTION_IS_IMAGE',
    text: 'container image',
  },
  {
    name: 'a bucket that is not there',
    wish: { files: FILES, config: { bucket: 'nowhere', storage: 'reference' } },
    code: 'BUCKET_MISSING',
    text: 'There is no bucket nowhere',
  },
  {
    name: 'a bucket of another region',
    options: { seed: { buckets: { far: { region: 'us-east-1', versioned: true } } } },
    wish: { files: FILES, config: { bucket: 'far', storage: 'reference' } },
    code: 'BUCKET_REGION',
    text: 'another region, and the function in eu-west-1',
  },
  {
    name: 'a bucket without versions, for what is to stay there',
    options: { seed: { buckets: { plain: {} } } },
    wish: { files: FILES, config: { bucket: 'plain', storage: 'reference' } },
    code: 'BUCKET_UNVERSIONED',
    text: 'plain keeps none',
  },
  {
    name: 'a layer of another region',
    wish: {
      files: FILES,
      config: { layers: { attach: ['arn:aws:lambda:us-east-1:123456789012:layer:theirs:1'] } },
    },
    code: 'PUBLISH_SETTING',
    text: 'lies in another region than the function, which is in eu-west-1',
  },
];

for (const { name, options = {}, wish, code, text } of CASES)
  test(`refused before anything is sent: ${name}`, () =>
    withPublishing(options, async ({ publish, takeWrites }) => {
      const error = await rejects(publish(wish), code);
      assert.match(error.message, text);
      assert.not.match(`${error.message}${error.hint}`, VALUE);
      assert.equal(takeWrites(), []);
    }));

test.run();
