import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { type Contents, onRequest, type Wish, withPublishing } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

/** A function that needs a package of so many bytes. */
const filesOf = (version: string, claims: number): Contents => ({
  'index.mjs': `handler ${version}`,
  'node_modules/big/big.node': { claims },
  'node_modules/big/package.json': `{"version":"${version}"}`,
});

const SMALL = 1_000_000;
const LARGE = 200_000_000;

const whole = (version: string, claims: number): Wish => ({ files: filesOf(version, claims) });
const split = (version: string, claims: number): Wish => ({
  ...whole(version, claims),
  config: { target: 'layer' },
});

const digestOf = (files: Contents): string => createHash('sha256').update(zipOf(files)).digest('base64');
const WHOLE = new Set([SMALL, LARGE].map(claims => digestOf(filesOf('1', claims))));

/** What `$LATEST` was: code that is whole or needs its layer, and the version of that layer. */
function historyOf({ state }: AwsStub): readonly string[] {
  const history = state.functions.get('classify')?.history ?? [];
  const parts = new Map<string, string>();
  return history.map(({ codeSha256, layers }) => {
    if (!WHOLE.has(codeSha256) && !parts.has(codeSha256)) parts.set(codeSha256, `part ${parts.size + 1}`);
    const code = parts.get(codeSha256) ?? 'whole';
    return [code, ...layers.map(arn => `layer ${arn.split(':').at(-1)}`)].join(', ');
  });
}

interface Case {
  readonly name: string;
  readonly from: Wish;
  readonly to: Wish;
  readonly history: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'into layers',
    from: whole('1', SMALL),
    to: split('1', SMALL),
    history: ['whole', 'whole, layer 1', 'part 1, layer 1'],
  },
  {
    name: 'out of layers',
    from: split('1', SMALL),
    to: whole('1', SMALL),
    history: ['part 1, layer 1', 'whole, layer 1', 'whole'],
  },
  {
    name: 'other code and layers',
    from: split('1', SMALL),
    to: split('2', SMALL),
    history: ['part 1, layer 1', 'part 1, layer 2', 'part 2, layer 2'],
  },
  {
    name: 'into layers, too large for both at once',
    from: whole('1', LARGE),
    to: split('1', LARGE),
    history: ['whole', 'part 1', 'part 1, layer 1'],
  },
  {
    name: 'out of layers, too large for both at once',
    from: split('1', LARGE),
    to: whole('1', LARGE),
    history: ['part 1, layer 1', 'part 1', 'whole'],
  },
  {
    name: 'other code and large layers',
    from: split('1', LARGE),
    to: split('2', LARGE),
    history: ['part 1, layer 1', 'part 1, layer 2', 'part 2, layer 2'],
  },
];

/** The call of the second half: whether code or layers change last. */
function lastCall({ history }: Case): string {
  const [, middle = '', end = ''] = history;
  return middle.split(',')[0] === end.split(',')[0] ? 'UpdateFunctionConfiguration' : 'UpdateFunctionCode';
}

const latestOf = ({ state }: AwsStub) => {
  const { settings, layers, code } = state.functions.get('classify')?.latest ?? {};
  return { settings, layers: layers?.map(({ arn }) => arn), code: code?.sha256 };
};

for (const one of CASES)
  test(`${one.name}: in the order that AWS takes, and that keeps the function working where it can be`, () =>
    withPublishing({}, async ({ stub, publish }) => {
      await publish(one.from);
      await publish(one.to);
      assert.equal(historyOf(stub), one.history);
    }));

for (const one of CASES)
  test(`${one.name}: where the second half fails, the first is taken back`, () =>
    withPublishing({}, async ({ stub, publish }) => {
      await publish(one.from);
      const before = latestOf(stub);
      stub.fault({ operation: lastCall(one), kind: 'error' });
      const error = await rejects(publish(one.to), 'PUBLISH_INCOMPLETE');
      assert.match(error.message, 'classify could not be changed, and works as before');
      assert.equal(latestOf(stub), before);
      await publish(one.to);
      assert.equal(historyOf(stub).at(-1), one.history.at(-1));
    }));

test('where only the answer about the second half gets lost, nothing is taken back', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    await publish(whole('1', SMALL));
    stub.fault({ operation: 'UpdateFunctionCode', kind: 'drop-after' });
    await rejects(publish(split('1', SMALL)), 'PUBLISH_INCOMPLETE');
    assert.equal(historyOf(stub), ['whole', 'whole, layer 1', 'part 1, layer 1']);
    takeWrites();
    await publish(split('1', SMALL));
    assert.equal(takeWrites(), ['TagResource']);
  }));

test('an update that AWS begins and then fails is taken back too', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish(whole('1', SMALL));
    const fn = stub.state.functions.get('classify');
    const before = latestOf(stub);
    if (fn) fn.failure = 'The KMS key is disabled.';
    const error = await rejects(publish(split('1', SMALL)), 'PUBLISH_INCOMPLETE');
    assert.match(error.message, /works as before.*The KMS key is disabled/);
    assert.equal(latestOf(stub), before);
    await publish(split('1', SMALL));
    assert.equal(historyOf(stub).at(-1), 'part 1, layer 1');
  }));

test('where taking back fails too, it is said what is there', () =>
  withPublishing({}, async ({ stub, publish }) => {
    await publish(whole('1', SMALL));
    stub.fault({ operation: 'UpdateFunctionCode', kind: 'error' });
    stub.fault({ operation: 'UpdateFunctionConfiguration', occurrence: 2, kind: 'error' });
    const error = await rejects(publish(split('1', SMALL)), 'SWITCH_HALF_DONE');
    assert.match(error.message, '$LATEST of classify may have the new configuration only');
    assert.match(error.hint, 'Run the command again at once');
    await publish(split('1', SMALL));
    assert.equal(historyOf(stub), ['whole', 'whole, layer 1', 'part 1, layer 1']);
  }));

test('Ctrl-C in the middle: both halves are done, and nothing after them', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    await publish(whole('1', SMALL));
    takeWrites();
    const controller = new AbortController();
    const isFirstHalf = ({ operation }: { readonly operation: string }): boolean =>
      operation === 'UpdateFunctionConfiguration';
    onRequest(stub, isFirstHalf, () => controller.abort());
    const stopped = publish(split('1', SMALL), { signal: controller.signal });
    const error = await rejects(stopped, 'PUBLISH_INCOMPLETE');
    assert.match(
      error.message,
      /Done: layer .*; function classify updated\. Not done: TagResource classify\.$/,
    );
    assert.equal(takeWrites(), ['PublishLayerVersion', 'UpdateFunctionConfiguration', 'UpdateFunctionCode']);
    await publish(split('1', SMALL));
    assert.equal(takeWrites(), ['TagResource']);
  }));

const FOREIGN = 'arn:aws:lambda:eu-west-1:999999999999:layer:insights:7';
const OTHER = 'arn:aws:lambda:eu-west-1:999999999999:layer:other:1';

test('layers of others stay, in front of ours, and so they do when ours go', () =>
  withPublishing(
    {
      seed: { foreignLayers: { [FOREIGN]: {}, [OTHER]: {} }, functions: { classify: { layers: [FOREIGN] } } },
    },
    async ({ stub, publish, takeWrites }) => {
      const names = () => latestOf(stub).layers?.map(arn => arn.split(':').slice(6).join(' '));
      await publish(split('1', SMALL));
      assert.equal(names(), ['insights 7', 'classify-native-1 1']);
      const attaching: Wish = {
        ...split('1', SMALL),
        config: { target: 'layer', layers: { attach: [OTHER] } },
      };
      await publish(attaching);
      assert.equal(names(), ['insights 7', 'other 1', 'classify-native-1 1']);
      await publish(whole('1', SMALL));
      assert.equal(names(), ['insights 7', 'other 1']);
      takeWrites();
      await publish(whole('1', SMALL));
      assert.equal(takeWrites(), []);
    },
  ));

test.run();
