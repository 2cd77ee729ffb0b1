import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openHttpApisApi } from '../../../src/aws/http-api/open-http-apis-api.ts';
import { type AwsStubOptions, withAwsStub } from '../../helpers/aws-stub/aws-stub.ts';
import { rejects } from '../../helpers/rejects.ts';
import { QUICK } from '../../helpers/upload.ts';

const WANTED = {
  name: 'classify',
  target: 'arn:aws:lambda:eu-west-1:123456789012:function:classify',
  routes: ['GET /predict', 'POST /predict'],
  cors: null,
};
const WRITES = ['CreateApi', 'CreateIntegration', 'CreateRoute', 'CreateStage'];

const complete = (options: AwsStubOptions, patience = {}) =>
  withAwsStub(options, async stub => {
    const signal = new AbortController().signal;
    const apis = openHttpApisApi(stub.env, stub.state.region, { ...QUICK, ...patience, signal });
    await apis.complete(WANTED);
    const { missing } = await apis.inspect(WANTED);
    return { missing, count: stub.state.httpApis.size };
  });

for (const operation of WRITES)
  test(`while API Gateway is busy with another change, ${operation} waits`, async () => {
    const faults = [{ operation, kind: 'conflict', times: 3 } as const];
    assert.equal(await complete({ faults }), { missing: [], count: 1 });
  });

test('it does not wait for ever', async () => {
  const faults = [{ operation: 'CreateRoute', kind: 'conflict', times: Number.POSITIVE_INFINITY } as const];
  const error = await rejects(complete({ faults }, { waitMs: 50 }), 'AWS_REFUSED');
  assert.match(error.message, 'concurrent modification');
});

test.run();
