import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findProblems } from '../../src/publish/find-problems.ts';
import type { PublishSettings } from '../../src/publish-types.ts';
import { settingsOf } from '../helpers/publish-run.ts';

type Changes = { readonly [K in keyof PublishSettings]?: Partial<PublishSettings[K]> };

/** Good settings with some of theirs replaced, members of parts too. */
function change(changes: Changes): PublishSettings {
  const good = settingsOf({ files: {} });
  const merged = Object.entries(changes).map(([key, value]) => {
    const present = good[key as keyof PublishSettings];
    const isPart = typeof present === 'object' && present !== null && typeof value === 'object';
    return [key, isPart ? { ...present, ...value } : value];
  });
  return { ...good, ...Object.fromEntries(merged) } as PublishSettings;
}

const ids = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const tags = (count: number) => Object.fromEntries(ids('tag', count).map(name => [name, '']));
const layerArn = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:layer:${name}:1`;
/** Variables that take so many bytes as JSON. */
const variables = (bytes: number) => ({ NAME: 'x'.repeat(bytes - '{"NAME":""}'.length) });
const url = (method: string): Partial<PublishSettings['front']> => ({
  url: { auth: 'iam', mode: 'buffer', cors: { origins: ['*'], methods: [method], headers: [] } },
});
const release = (more: Partial<PublishSettings['release']>): Changes => ({ release: more });

/** What AWS takes just so, what it refuses just so, and words of the problem. */
const LIMITS: readonly (readonly [good: Changes, bad: Changes, words: string])[] = [
  [{ functionName: 'a'.repeat(64) }, { functionName: 'a'.repeat(65) }, '1 to 64 letters'],
  [{ functionName: 'a-b_C1' }, { functionName: 'a.b' }, 'the function name a.b'],
  [{ handler: 'h'.repeat(128) }, { handler: 'h'.repeat(129) }, 'over 128 characters'],
  [{ handler: 'src/index.handler' }, { handler: 'index handler' }, 'has a space'],
  [{ description: 'd'.repeat(256) }, { description: 'd'.repeat(257) }, 'over 256 characters'],
  [{ role: 'r'.repeat(64) }, { role: 'r'.repeat(65) }, 'neither a name nor the ARN'],
  [
    { role: 'arn:aws-cn:iam::123456789012:role/path/of/role' },
    { role: 'arn:aws:iam::12:role/x' },
    'neither a name nor the ARN',
  ],
  [{ memoryMiB: 128 }, { memoryMiB: 127 }, 'the memory size has to be a whole number from 128 to 10240 MiB'],
  [{ memoryMiB: 10_240 }, { memoryMiB: 10_241 }, 'not 10241'],
  [{ memoryMiB: 129 }, { memoryMiB: 128.5 }, 'a whole number'],
  [{ timeoutSeconds: 1 }, { timeoutSeconds: 0 }, 'the timeout'],
  [{ timeoutSeconds: 900 }, { timeoutSeconds: 901 }, 'from 1 to 900 s'],
  [{ tmpMiB: 512 }, { tmpMiB: 511 }, '/tmp has to be'],
  [{ tmpMiB: 10_240 }, { tmpMiB: 10_241 }, 'from 512 to 10240 MiB'],
  [{ environment: { AB: '' } }, { environment: { A: '' } }, 'two or more letters'],
  [{ environment: { A_1: '' } }, { environment: { _A: '' } }, 'a letter first'],
  [{ environment: { NODE_OPTIONS: '' } }, { environment: { AWS_REGION: '' } }, "AWS_REGION is Lambda's own"],
  [{ environment: variables(4096) }, { environment: variables(4097) }, '4097 bytes as JSON, and 4096'],
  [
    { vpc: { subnetIds: ids('subnet', 16), securityGroupIds: ids('sg', 5) } },
    { vpc: { subnetIds: ids('subnet', 17), securityGroupIds: ids('sg', 5) } },
    '16 subnets',
  ],
  [
    { vpc: { subnetIds: ['subnet-1'], securityGroupIds: [] } },
    { vpc: { subnetIds: ['subnet-1'], securityGroupIds: ids('sg', 6) } },
    '5 security groups',
  ],
  [{ tags: tags(49) }, { tags: tags(50) }, '50 tags'],
  [{ tags: { team: '' } }, { tags: { 'AWS:x': '' } }, "AWS's own prefix"],
  [{ tags: { team: 'x'.repeat(256) } }, { tags: { team: 'x'.repeat(257) } }, 'a value over 256'],
  [{ tags: { ['k'.repeat(128)]: '' } }, { tags: { ['k'.repeat(129)]: '' } }, 'a key over 128'],
  [{ front: url('DELETE') }, { front: url('OPTIONS') }, 'answers OPTIONS by itself'],
  [
    { layers: { attach: ids('a', 5).map(layerArn) } },
    { layers: { attach: ids('a', 6).map(layerArn) } },
    '6 layers',
  ],
  [{ layers: { attach: [layerArn('a')] } }, { layers: { attach: ['a:1'] } }, 'a:1 is not the ARN'],
  [{ bucket: 'my.bucket-1' }, { bucket: 'My_Bucket' }, 'no name of a bucket'],
  [{ bucket: 'abc', storage: 'reference' }, { storage: 'reference' }, 'needs a bucket'],
  [release({ alias: 'v1' }), release({ alias: '1' }), 'not digits only'],
  [release({ alias: 'a'.repeat(128) }), release({ alias: 'a'.repeat(129) }), 'the alias'],
  [release({ alias: 'live', weight: 99 }), release({ weight: 99 }), 'a weight needs an alias'],
  [release({ alias: 'live', weight: 1 }), release({ alias: 'live', weight: 100 }), 'below 100'],
  [
    release({ alias: 'live', provisionedConcurrency: 1 }),
    release({ provisionedConcurrency: 1 }),
    'provisioned concurrency needs an alias',
  ],
  [
    release({ alias: 'live', weight: 1 }),
    release({ alias: 'live', weight: 1, provisionedConcurrency: 1 }),
    'between two versions',
  ],
  [
    { front: { httpApi: { routes: ['ANY /{proxy+}', '$default'], cors: null } } },
    { front: { httpApi: { routes: ['post /predict'], cors: null } } },
    'the route post /predict',
  ],
];

for (const [good, bad, words] of LIMITS)
  test(`what AWS refuses is found before it is asked: ${words}`, () => {
    assert.equal(findProblems(change(good)), []);
    const problems = findProblems(change(bad));
    assert.is(problems.length, 1, problems.join('; '));
    assert.match(problems[0] ?? '', words);
  });

test('all problems are told at once, and no value of a variable', () => {
  const problems = findProblems(
    change({ functionName: '', memoryMiB: 1, environment: { 'A B': 'hunter2', ...variables(5000) } }),
  );
  assert.is(problems.length, 4);
  assert.not.match(problems.join(), /hunter2|xxx/);
});

test.run();
