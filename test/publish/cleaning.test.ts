import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { type Wish, withPublishing } from '../helpers/publish-run.ts';

/** One layer, in a version of its own for each text. */
const wishOf = (text: string, keep: number | null = null, config: Wish['config'] = {}): Wish => ({
  files: { 'index.mjs': 'handler', 'node_modules/pad/index.js': text },
  config: { target: 'layer', ...config },
  flags: { keep },
});

const versionsOf = ({ state }: AwsStub, name = 'classify-deps-1'): readonly number[] => [
  ...(state.layers.get(name)?.versions.keys() ?? []),
];

test('old versions stay unless they are to go, and then the newest stay, the one that is made among them', () =>
  withPublishing({}, async ({ stub, publish }) => {
    for (const text of ['1', '2', '3', '4']) await publish(wishOf(text));
    assert.equal(versionsOf(stub), [1, 2, 3, 4]);
    await publish(wishOf('5', 3));
    assert.equal(versionsOf(stub), [3, 4, 5]);
    await publish(wishOf('5', 2));
    assert.equal(versionsOf(stub), [4, 5]);
    await publish(wishOf('5', 0));
    assert.equal(versionsOf(stub), [5], 'what is used stays');
  }));

test('what any version of any function uses stays, and what is shared with others', () =>
  withPublishing({ pageItems: 1 }, async ({ stub, publish }) => {
    await publish(wishOf('1', null, { version: true }));
    await publish(wishOf('2'));
    const [, second] = [...(stub.state.layers.get('classify-deps-1')?.versions.values() ?? [])];
    await publish(wishOf('3'));
    const attach = [second?.arn ?? ''];
    await publish({ ...wishOf('x', null, { functionName: 'other', layers: { attach } }) });
    for (const text of ['4', '5', '6']) await publish(wishOf(text));
    const fourth = stub.state.layers.get('classify-deps-1')?.versions.get(4);
    fourth?.policy.push({
      Sid: 'all',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:GetLayerVersion',
      Resource: fourth.arn,
    });
    await publish(wishOf('6', 1));
    assert.equal(versionsOf(stub), [1, 2, 4, 6]);
    assert.equal(versionsOf(stub, 'other-deps-1'), [1]);
  }));

test('layers of other functions and other names are not touched', () => {
  const layers = {
    'classify-deps-2': [{}, {}],
    'classify-extra-1': [{}, {}],
    'classify-two-deps-1': [{}, {}],
  };
  return withPublishing({ seed: { layers } }, async ({ stub, publish }) => {
    for (const text of ['1', '2', '3']) await publish(wishOf(text, 1));
    for (const name of Object.keys(layers)) assert.equal(versionsOf(stub, name), [1, 2], name);
  });
});

test('versions of such a name that somebody made by hand are not counted, and stay', () =>
  withPublishing({ seed: { layers: { 'classify-deps-1': [{}, {}] } } }, async ({ stub, publish }) => {
    for (const text of ['1', '2', '3']) await publish(wishOf(text, 1));
    assert.equal(versionsOf(stub), [1, 2, 4, 5]);
  }));

test('where it is not known what is used, nothing is deleted', () =>
  withPublishing({ denied: ['ListFunctions'] }, async ({ stub, publish }) => {
    for (const text of ['1', '2']) await publish(wishOf(text));
    const refused = await publish(wishOf('3', 1)).catch(String);
    assert.match(String(refused), 'the permission is missing');
    assert.equal(versionsOf(stub), [1, 2]);
  }));

test.run();
