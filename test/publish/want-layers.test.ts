import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LAYERS_TAG, layersDigest } from '../../src/publish/layer-names.ts';
import { listForeignLayers, recognizeLayers, wantLayer } from '../../src/publish/want-layers.ts';
import { deployedOf, layerArnOf, partOf, versionOf } from '../helpers/deployed.ts';

const SETTINGS = { runtime: 'nodejs22.x', arch: 'x64' } as const;
const THEIRS = layerArnOf('insights', 7, '580247275435');
const OURS = layerArnOf('classify-deps-1', 2);

const attaching = (...attach: readonly string[]) => ({ layers: { files: [], environment: {}, attach } });

test('layers of others stay, and those that are asked for are added', () => {
  const fn = deployedOf([THEIRS, OURS]);
  const tools = layerArnOf('tools', 1);
  assert.equal(listForeignLayers(fn, attaching()), [THEIRS]);
  assert.equal(listForeignLayers(fn, attaching(tools)), [THEIRS, tools]);
  assert.equal(listForeignLayers(null, attaching(tools)), [tools]);
});

test('one that is asked for in another version takes the place of the attached one', () => {
  const newer = layerArnOf('insights', 9, '580247275435');
  const fn = deployedOf([layerArnOf('first'), THEIRS, OURS]);
  assert.equal(listForeignLayers(fn, attaching(newer)), [layerArnOf('first'), newer]);
  assert.equal(listForeignLayers(fn, attaching(THEIRS)), [layerArnOf('first'), THEIRS]);
  assert.equal(listForeignLayers(null, attaching(THEIRS, newer)), [newer], 'named twice, the last counts');
});

test('a layer of our name in another account is not ours', () => {
  const other = layerArnOf('classify-deps-1', 2, '999999999999');
  assert.equal(listForeignLayers(deployedOf([other]), attaching()), [other]);
});

test('the tag proves that the attached layers are the right ones', () => {
  const part = partOf('classify-deps-1');
  const tags = { [LAYERS_TAG]: layersDigest([{ arn: OURS, part }]) };
  const found = [{ kind: 'found', arn: OURS, part }];
  assert.equal(recognizeLayers(deployedOf([THEIRS, OURS], { tags }), [part], SETTINGS), found);
  const unproven = [
    deployedOf([THEIRS, OURS]),
    deployedOf([THEIRS, OURS], { tags: { [LAYERS_TAG]: 'x' } }),
    deployedOf([THEIRS], { tags }),
    deployedOf([layerArnOf('classify-deps-1', 3)], { tags }),
    deployedOf([OURS], { tags, runtime: 'nodejs24.x' }),
    deployedOf([OURS], { tags, arch: 'arm64' }),
    { ...deployedOf([OURS]), tags: null },
    null,
  ];
  for (const fn of unproven) assert.is(recognizeLayers(fn, [part], SETTINGS), null);
  assert.is(recognizeLayers(deployedOf([OURS], { tags }), [partOf(part.name, 'b')], SETTINGS), null);
  assert.is(recognizeLayers(deployedOf([OURS], { tags }), [], SETTINGS), null);
});

test('a version is found by what its description says, and by what it is made for', () => {
  const part = partOf('classify-deps-1');
  const fitting = versionOf(part, 4);
  const versions = [
    versionOf(partOf(part.name, 'b'), 6),
    versionOf(part, 5, { archs: ['arm64'] }),
    fitting,
    versionOf(part, 3, { runtimes: ['nodejs24.x', 'nodejs22.x'] }),
    versionOf(part, 2, { description: 'by hand' }),
  ];
  assert.equal(wantLayer(part, versions, null, SETTINGS), { kind: 'found', arn: fitting.arn, part });
  assert.equal(wantLayer(part, [], null, SETTINGS), { kind: 'new', part });
  const arm = { runtime: 'nodejs20.x', arch: 'arm64' } as const;
  assert.equal(wantLayer(part, versions, null, arm), { kind: 'new', part });
});

test('of several equal versions the attached one stays', () => {
  const part = partOf('classify-deps-1');
  const versions = [versionOf(part, 3), versionOf(part, 2)];
  const wanted = wantLayer(part, versions, deployedOf([OURS]), SETTINGS);
  assert.equal(wanted, { kind: 'found', arn: OURS, part });
});

test.run();
