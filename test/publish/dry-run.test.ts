import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listCalls } from '../../src/publish/list-calls.ts';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { filesOf } from '../helpers/publish-faults.ts';
import { type Wish, withPublishing } from '../helpers/publish-run.ts';
import { snapshot } from '../helpers/publish-snapshot.ts';

const CORS = { origins: ['https://shop.example'], methods: ['GET'], headers: [] };

/** Wishes that follow one another. */
const COURSES: Readonly<Record<string, readonly Wish[]>> = {
  'a zip': [{ files: filesOf('1') }, { files: filesOf('2') }, { files: filesOf('2'), memoryMiB: 512 }],
  'into layers, and out': [
    { files: filesOf('1') },
    { files: filesOf('1'), config: { target: 'layer', tags: { team: 'shop' } } },
    { files: filesOf('2'), config: { target: 'layer' } },
    { files: filesOf('2') },
  ],
  'a role, and a bucket': [
    {
      files: filesOf('1'),
      config: { role: undefined, bucket: 'code', storage: 'reference', target: 'layer' },
      flags: { createRole: true },
    },
    { files: filesOf('2'), config: { bucket: 'code', storage: 'reference' } },
  ],
  'an alias, canaries and concurrency': [
    { files: filesOf('1'), config: { alias: 'live' } },
    { files: filesOf('2'), config: { alias: 'live' }, flags: { weight: 10 } },
    { files: filesOf('2'), config: { alias: 'live' } },
    { files: filesOf('2'), config: { alias: 'live', provisionedConcurrency: 2 } },
    { files: filesOf('3'), config: { alias: 'live', provisionedConcurrency: 2 } },
    { files: filesOf('4'), config: { alias: 'live', provisionedConcurrency: 3 } },
  ],
  URLs: [
    { files: filesOf('1'), config: { url: true } },
    { files: filesOf('1'), config: { url: { mode: 'stream', cors: CORS } } },
    { files: filesOf('1'), config: { url: { mode: 'stream' } }, flags: { isPublic: true } },
    { files: filesOf('1'), config: { alias: 'live', url: true }, flags: { isPublic: true } },
  ],
  'HTTP APIs': [
    { files: filesOf('1'), config: { httpApi: { cors: CORS } } },
    { files: filesOf('1'), config: { httpApi: { routes: ['GET /predict', 'GET /health'] } } },
    { files: filesOf('1'), config: { httpApi: { cors: { ...CORS, methods: ['POST'] } } } },
    { files: filesOf('1'), config: { alias: 'live', httpApi: { routes: ['GET /', 'GET /health'] } } },
  ],
  'old layers': ['1', '2', '3', '4'].map(version => ({
    files: filesOf(version),
    config: { target: 'layer' },
    flags: { keep: 1 },
  })),
};

const seed = { buckets: { code: { versioned: true } } };

/** The writing calls from a request on. */
function writesFrom({ requests }: AwsStub, from: number): readonly string[] {
  return requests
    .slice(from)
    .filter(({ isWrite }) => isWrite)
    .map(({ service, operation }) => `${service}:${operation}`);
}

for (const [name, wishes] of Object.entries(COURSES))
  test(`${name}: what is planned is what is done, in that order, and planning writes nothing`, () =>
    withPublishing({ seed, newRoleRefusals: 0 }, async ({ stub, prepare, publish }) => {
      for (const [index, wish] of wishes.entries()) {
        const before = snapshot(stub.state);
        const start = stub.requests.length;
        const planned = listCalls((await prepare(wish)).plan);
        assert.equal(writesFrom(stub, start), []);
        assert.equal(snapshot(stub.state), before);
        const { sentBytes } = await publish(wish);
        const calls = planned.map(({ call }) => call);
        assert.equal(writesFrom(stub, start), calls, `${index}: ${JSON.stringify(planned, null, 1)}`);
        const sum = planned.reduce((all, { bytes }) => all + (bytes ?? 0), 0);
        assert.is(sentBytes, sum, `bytes of ${index}`);
      }
    }));

test.run();
