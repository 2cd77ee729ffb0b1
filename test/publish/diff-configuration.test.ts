import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeployedConfiguration } from '../../src/aws/types.ts';
import {
  diffConfiguration,
  wantedConfiguration,
  wantedEnvironment,
} from '../../src/publish/diff-configuration.ts';
import type { PublishSettings } from '../../src/publish-types.ts';
import { configurationOf } from '../helpers/deployed.ts';
import { settingsOf } from '../helpers/publish-run.ts';

const SETTINGS: PublishSettings = settingsOf({ files: {} });
const VPC = { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] };

function diff(
  more: Partial<PublishSettings>,
  deployed: Partial<DeployedConfiguration> = {},
  role: string | null = null,
): object {
  return diffConfiguration(configurationOf(deployed), { ...SETTINGS, ...more }, role);
}

test('what the settings leave open stays as it is', () => {
  const set: Partial<DeployedConfiguration> = {
    description: 'by hand',
    memoryMiB: 3008,
    timeoutSeconds: 60,
    tmpMiB: 2048,
    environment: { MODE: 'fast' },
    vpc: VPC,
  };
  assert.equal(diff({}, set), {});
});

test('each setting alone', () => {
  const settings: readonly (Partial<PublishSettings> & Partial<DeployedConfiguration>)[] = [
    { runtime: 'nodejs24.x' },
    { handler: 'app.handler' },
    { description: 'classifies' },
    { memoryMiB: 1024 },
    { timeoutSeconds: 30 },
    { tmpMiB: 1024 },
    { environment: { MODE: 'fast' } },
    { vpc: VPC },
  ];
  for (const setting of settings) {
    assert.equal(diff(setting), setting);
    assert.equal(diff(setting, setting), {});
  }
  assert.equal(diff({}, {}, 'arn:other'), { role: 'arn:other' });
  assert.equal(diff({ description: '' }, { description: 'by hand' }), { description: '' });
});

test('subnets and security groups have no order', () => {
  const vpc = { subnetIds: [...VPC.subnetIds].reverse(), securityGroupIds: VPC.securityGroupIds };
  assert.equal(diff({ vpc }, { vpc: VPC }), {});
  const other = { ...VPC, securityGroupIds: ['sg-2'] };
  assert.equal(diff({ vpc: other }, { vpc: VPC }), { vpc: other });
});

test('variables that are there stay, and all are sent', () => {
  const environment = { MODE: 'fast' };
  const deployed = { environment: { MODE: 'slow', SECRET: 'x' } };
  assert.equal(diff({ environment }, deployed), { environment: { MODE: 'fast', SECRET: 'x' } });
  assert.equal(diff({ environment: { MODE: 'slow' } }, deployed), {});
});

test('variables that only layers need come and go with them', () => {
  const layers = { ...SETTINGS.layers, environment: { MODEL_DIR: '/opt/model' } };
  const there = { environment: { MODEL_DIR: '/opt/model', MODE: 'fast' } };
  assert.equal(diff({ target: 'layer', layers }), { environment: { MODEL_DIR: '/opt/model' } });
  assert.equal(diff({ target: 'layer', layers }, there), {});
  assert.equal(diff({ layers }, there), { environment: { MODE: 'fast' } });
  const changed = { environment: { MODEL_DIR: '/mnt/model' } };
  assert.equal(diff({ layers }, changed), {}, 'somebody gave it another value');
  assert.equal(
    diff({ layers, environment: { MODEL_DIR: '/opt/model' } }, there),
    {},
    'the function wants it',
  );
  assert.equal(diff({ layers }, { environment: { MODEL_DIR: '/opt/model' } }), { environment: {} });
});

test('variables that KMS hides are not touched where none are wanted', () => {
  assert.equal(diff({}, { environment: null }), {});
  assert.is(wantedEnvironment(SETTINGS, null), null);
});

test('what a new function is made of', () => {
  const { runtime, handler } = SETTINGS;
  assert.equal(wantedConfiguration(SETTINGS, null, null), { runtime, handler });
  const wanted = wantedConfiguration(
    { ...SETTINGS, memoryMiB: 512, environment: { A1: 'b' } },
    null,
    'arn:r',
  );
  assert.equal(wanted, { runtime, handler, role: 'arn:r', memoryMiB: 512, environment: { A1: 'b' } });
});

test.run();
