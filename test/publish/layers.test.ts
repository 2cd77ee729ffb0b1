import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PublishReport } from '../../src/publish-types.ts';
import type { AwsStub } from '../helpers/aws-stub/aws-stub.ts';
import type { LayerVersionState } from '../helpers/aws-stub/lambda/state.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { layerArnOf } from '../helpers/deployed.ts';
import { type Contents, type Wish, withPublishing } from '../helpers/publish-run.ts';
import { rejects } from '../helpers/rejects.ts';

const FILES: Contents = {
  'index.mjs': 'handler',
  'model/labels.json': '[]',
  'node_modules/sharp/package.json': '{"license":"Apache-2.0"}',
  'node_modules/sharp/sharp.node': 'native',
  'node_modules/left-pad/package.json': '{"license":"WTFPL"}',
};
const CONFIG = { target: 'layer', layers: { files: ['model/**'] } } as const;
const LAYERED: Wish = { files: FILES, config: CONFIG };
const THEIRS = layerArnOf('insights', 3, '580247275435');
const seed = {
  functions: { classify: { layers: [THEIRS] } },
  foreignLayers: { [THEIRS]: { zip: zipOf({ 'extensions/insights': 'x' }) } },
};

function attached({ state }: AwsStub): readonly LayerVersionState[] {
  return state.functions.get('classify')?.latest.layers ?? [];
}

const namesOf = (layers: readonly LayerVersionState[]): readonly string[] =>
  layers.map(({ arn }) => arn.split(':').slice(6).join(':'));

/** Layers of the table, with what became of them. */
const layersIn = ({ items }: PublishReport): readonly string[] =>
  items.filter(({ what }) => what === 'layer').map(({ name, outcome }) => `${name} ${outcome}`);

test('layers are made for the runtime and the CPU, with their licences, and attached', () =>
  withPublishing({}, async ({ stub, publish }) => {
    const report = await publish(LAYERED);
    const layers = attached(stub);
    assert.equal(namesOf(layers), ['classify-native-1:1', 'classify-models-1:1', 'classify-deps-1:1']);
    assert.equal(
      layers.map(({ license }) => license),
      ['Apache-2.0', null, 'WTFPL'],
    );
    for (const { runtimes, archs } of layers) assert.equal([runtimes, archs], [['nodejs22.x'], ['x86_64']]);
    const [sent, whole] = [report.sentBytes, zipOf(FILES).length];
    assert.ok(sent > whole && sent < 2 * whole, 'each part is sent once');
  }));

test('layers for another runtime are made anew', () =>
  withPublishing({}, async ({ stub, publish, prepare }) => {
    await publish(LAYERED);
    const fn = stub.state.functions.get('classify');
    if (fn) fn.latest = { ...fn.latest, settings: { ...fn.latest.settings, Runtime: 'nodejs20.x' } };
    const { plan } = await prepare(LAYERED);
    assert.equal(
      plan.layers.map(({ kind }) => kind),
      ['found', 'found', 'found'],
      'those of before are still there',
    );
    for (const { versions } of stub.state.layers.values())
      for (const [number, version] of versions)
        versions.set(number, { ...version, runtimes: ['nodejs20.x'] });
    assert.equal(layersIn(await publish(LAYERED)), [
      'classify-native-1 created',
      'classify-models-1 created',
      'classify-deps-1 created',
    ]);
  }));

test('layers of others are attached in front, once, and leave fewer for us', () =>
  withPublishing({ seed, pageItems: 1 }, async ({ stub, publish }) => {
    const config = { ...CONFIG, layers: { ...CONFIG.layers, attach: [THEIRS] } };
    await publish({ files: FILES, config });
    assert.equal(namesOf(attached(stub)).slice(0, 2), ['insights:3', 'classify-native-1:1']);
    assert.is(attached(stub).length, 4);
  }));

test('where layers of others leave too little room, nothing is sent', () =>
  withPublishing(
    { seed: { layers: Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(name => [name, [{}]])) } },
    async ({ publish, takeWrites }) => {
      const attach = ['a', 'b', 'c', 'd', 'e'].map(name => layerArnOf(name));
      const error = await rejects(
        publish({ files: FILES, config: { ...CONFIG, layers: { attach } } }),
        'LAYERS_IMPOSSIBLE',
      );
      assert.match(error.message, 'into 0 layers');
      await publish({ files: FILES, config: { layers: { attach } } });
      takeWrites();
      const six = { files: FILES, config: { layers: { attach: [layerArnOf('f')] } } };
      await rejects(publish(six), 'TOO_MANY_LAYERS');
      assert.equal(takeWrites(), []);
    },
  ));

test('with four layers of others all of ours is in one', () =>
  withPublishing(
    { seed: { layers: Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [name, [{}]])) } },
    async ({ stub, publish }) => {
      const attach = ['a', 'b', 'c', 'd'].map(name => layerArnOf(name));
      await publish({ files: FILES, config: { ...CONFIG, layers: { ...CONFIG.layers, attach } } });
      assert.is(attached(stub).length, 5);
      assert.is(stub.state.layers.size, 5);
    },
  ));

test('who may not tag publishes all the same', () =>
  withPublishing({ denied: ['TagResource'] }, async ({ publish, takeWrites }) => {
    const { items } = await publish(LAYERED);
    const tags = items.find(({ what }) => what === 'tags');
    assert.equal([tags?.outcome, tags?.detail?.includes('lambda:TagResource')], ['unchanged', true]);
    takeWrites();
    await publish(LAYERED);
    assert.equal(takeWrites(), ['TagResource'], 'nothing else is to be done');
    const tagged: Wish = { ...LAYERED, config: { ...CONFIG, tags: { team: 'shop' } } };
    await rejects(publish(tagged), 'PUBLISH_INCOMPLETE');
  }));

test('what failed after it was sent is sent again, not called up to date', () =>
  withPublishing({}, async ({ stub, publish, takeWrites }) => {
    await publish(LAYERED);
    const fn = stub.state.functions.get('classify');
    if (fn) Object.assign(fn, { update: 'Failed', failure: 'The KMS key is gone' });
    takeWrites();
    const { items } = await publish(LAYERED);
    assert.equal(takeWrites(), ['UpdateFunctionConfiguration', 'UpdateFunctionCode']);
    assert.is(items.find(({ what }) => what === 'function')?.outcome, 'updated');
    assert.is(fn?.update, 'Successful');
    await publish(LAYERED);
    assert.equal(takeWrites(), []);
  }));

test.run();
