import { readFile } from 'node:fs/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { z } from 'zod';
import { limits } from '../../src/platform/limits.ts';
import { readData } from '../../src/platform/read-data.ts';
import { runtimes } from '../../src/platform/runtimes.ts';

test('all limits have the exact values that the service states', () => {
  assert.equal(limits, {
    zippedBytes: 52_428_800,
    unzippedBytes: 262_144_000,
    requestBytes: 70_167_211,
    responseBytes: 6_291_556,
    layers: 5,
    environmentBytes: 4096,
    timeoutSeconds: 900,
    memoryMinMiB: 128,
    memoryMaxMiB: 10_240,
    tmpMinMiB: 512,
    tmpMaxMiB: 10_240,
    eventBytes: 6_291_456,
    asyncEventBytes: 1_048_576,
    initSeconds: 10,
    mountPathCharacters: 160,
    httpApiSeconds: 30,
    restApiSeconds: 29,
    gatewayPayloadBytes: 10_485_760,
    gatewayHeaderBytes: 10_240,
    handlerCharacters: 128,
    descriptionCharacters: 256,
    licenseCharacters: 512,
    subnets: 16,
    securityGroups: 5,
    tags: 50,
    tagKeyCharacters: 128,
    tagValueCharacters: 256,
    urlMethodCharacters: 6,
    sagemakerDiskBytes: 5_368_709_120,
    sagemakerImageBytes: 10_737_418_240,
    sagemakerPayloadBytes: 4_194_304,
    sagemakerMemoryStepMiB: 1024,
    sagemakerMemoryMaxMiB: 6144,
    sagemakerConcurrency: 200,
    sagemakerNameCharacters: 63,
    sagemakerStartSeconds: 180,
    sagemakerInvokeSeconds: 60,
  });
});

test('a runtime of a later version lives at least as long, in each language', () => {
  for (const language of ['nodejs', 'python']) {
    const rows = runtimes.filter(runtime => runtime.language === language);
    const minors = rows.map(({ version }) => Number(version.split('.').at(-1)));
    assert.equal(
      minors,
      [...minors].sort((a, b) => a - b),
    );
    for (const field of ['deprecated', 'blockCreate', 'blockUpdate'] as const) {
      const dates = rows.map(row => row[field] ?? '9999-12-31');
      assert.equal(dates, [...dates].sort(), `${language} ${field}`);
    }
  }
});

test('the data files say where their facts come from', async () => {
  for (const [name, key] of [
    ['runtimes', 'sources'],
    ['limits', 'source'],
    ['node-versions', 'source'],
  ] as const) {
    const data = JSON.parse(await readFile(`src/platform/${name}.json`, 'utf8'));
    const sources = typeof data[key] === 'string' ? [data[key]] : Object.values<string>(data[key]);
    assert.ok(
      sources.length > 0 && sources.every(source => /https:\/\//.test(source) || source.length > 40),
      name,
    );
  }
});

test('data that does not fit its schema is not taken', () => {
  const schema = z.strictObject({ source: z.string() });
  assert.throws(() => readData('limits.json', schema), /unrecognized_keys/i);
  assert.throws(() => readData('absent.json', schema), /ENOENT/);
});

test.run();
