import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAYERS_TAG } from '../../src/publish/layer-names.ts';
import type { Seed } from '../helpers/aws-stub/seed.ts';
import { filesOf } from '../helpers/publish-faults.ts';
import { type Wish, withPublishing } from '../helpers/publish-run.ts';

const FILES = filesOf('1');
const LAYERED: Wish = { files: FILES, config: { target: 'layer' } };
const THREE = ['GetAlias', 'GetFunction', 'GetFunctionConfiguration'];

/** The calls of a publishing that has nothing to do. */
const CASES: readonly (readonly [name: string, wish: Wish, calls: readonly string[]])[] = [
  ['a zip', { files: FILES }, ['GetFunction']],
  ['a zip with an alias', { files: FILES, config: { alias: 'live' } }, THREE],
  ['layers', LAYERED, ['GetFunction']],
  ['layers with an alias', { files: FILES, config: { target: 'layer', alias: 'live' } }, THREE],
  [
    'all that a config can say of it',
    {
      files: FILES,
      memoryMiB: 512,
      environment: { MODE: 'fast' },
      config: {
        target: 'layer',
        description: 'classifies',
        tags: { team: 'shop' },
        vpc: { subnetIds: ['subnet-2', 'subnet-1'], securityGroupIds: ['sg-1'] },
        layers: { environment: { MODEL_DIR: '/opt/model' } },
      },
    },
    ['GetFunction'],
  ],
];

for (const [name, wish, expected] of CASES)
  test(`${name}: where nothing changed, three calls at most are made, and none writes`, () =>
    withPublishing({}, async ({ publish, takeCalls }) => {
      await publish(wish);
      takeCalls();
      const { items, sentBytes } = await publish(wish);
      const calls = takeCalls().map(({ operation }) => operation);
      assert.equal(calls.sort(), expected);
      assert.is(sentBytes, 0);
      assert.ok(items.every(({ outcome }) => outcome === 'unchanged' || outcome === 'reused'));
    }));

const seed: Seed = { buckets: { code: { versioned: true } } };

test('through a bucket nothing is sent twice, not even for another function', () =>
  withPublishing({ seed }, async ({ publish, takeWrites }) => {
    const config = { bucket: 'code', storage: 'reference' } as const;
    await publish({ files: FILES, config });
    assert.equal(takeWrites(), ['PutObject', 'CreateFunction']);
    await publish({ files: FILES, config });
    assert.equal(takeWrites(), []);
    await publish({ files: FILES, config: { ...config, functionName: 'other' } });
    assert.equal(takeWrites(), ['CreateFunction']);
  }));

test('where the tag is gone, layers are known by what they say of themselves', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    await publish(LAYERED);
    const fn = stub.state.functions.get('classify');
    delete fn?.tags[LAYERS_TAG];
    takeWrites();
    const { items } = await publish(LAYERED);
    assert.equal(takeWrites(), ['TagResource']);
    assert.equal(
      items.filter(({ what }) => what === 'layer').map(({ outcome }) => outcome),
      ['reused', 'reused'],
    );
  }));

test('who may not read tags is asked for none', () =>
  withPublishing({ denied: ['ListTags'] }, async ({ publish, takeWrites }) => {
    await publish(LAYERED);
    takeWrites();
    await publish(LAYERED);
    assert.equal(takeWrites(), []);
  }));

test('only the part that changed is sent', () =>
  withPublishing({}, async ({ publish, takeWrites }) => {
    await publish(LAYERED);
    takeWrites();
    await publish({ ...LAYERED, files: { ...FILES, 'index.mjs': 'handler 2' } });
    assert.equal(takeWrites(), ['UpdateFunctionCode']);
    await publish({
      ...LAYERED,
      files: { ...FILES, 'index.mjs': 'handler 2', 'node_modules/left-pad/index.js': '' },
    });
    assert.equal(takeWrites(), ['PublishLayerVersion', 'UpdateFunctionConfiguration', 'TagResource']);
  }));

test('variables that the config does not name stay; those that only layers need go with them', () =>
  withPublishing({}, async ({ stub, publish }) => {
    const variables = () => stub.state.functions.get('classify')?.latest.settings.Environment?.Variables;
    const config = { layers: { environment: { MODEL_DIR: '/opt/model' } } };
    await publish({ files: FILES, environment: { MODE: 'fast' }, config: { ...config, target: 'layer' } });
    assert.equal(variables(), { MODE: 'fast', MODEL_DIR: '/opt/model' });
    const fn = stub.state.functions.get('classify');
    if (fn) {
      const Environment = { Variables: { ...variables(), THEIRS: 'secret' } };
      fn.latest = { ...fn.latest, settings: { ...fn.latest.settings, Environment } };
    }
    const { notes } = await publish({ files: FILES, environment: { MODE: 'slow' }, config });
    assert.equal(variables(), { MODE: 'slow', THEIRS: 'secret' });
    assert.match(notes.join(), 'THEIRS');
    assert.not.match(notes.join(), 'secret');
  }));

test('where KMS hides the variables, none is set, and the rest is published', () =>
  withPublishing(
    {
      seed: {
        functions: {
          classify: { hidesVariables: true, settings: { Environment: { Variables: { A: '1' } } } },
        },
      },
    },
    async ({ stub, publish, takeWrites }) => {
      const refused = await publish({ files: FILES, environment: { MODE: 'fast' } }).catch(String);
      assert.match(String(refused), 'cannot be read, and setting one would erase the others');
      assert.equal(takeWrites(), []);
      await publish({ files: FILES });
      assert.equal(takeWrites(), ['UpdateFunctionCode']);
      const { settings } = stub.state.functions.get('classify')?.latest ?? {};
      assert.equal(settings?.Environment?.Variables, { A: '1' });
    },
  ));

test.run();
