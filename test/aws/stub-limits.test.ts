import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { layerArn, ROLE, refuses, withClients } from '../helpers/aws-stub/clients.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';

const FN = { FunctionName: 'f' };
const SEED = { functions: { f: {} } };
const INVALID = 'InvalidParameterValueException';
const VALIDATION = 'ValidationException';

const atMost = (bytes: number) => zipOf({ 'a.bin': { claims: bytes } });

test('numbers are within the quotas of today, which are narrower than the model of the SDK', async () => {
  await withClients({ seed: SEED, updateLooks: 0 }, async ({ lambda }) => {
    const update = (change: object) => lambda.updateFunctionConfiguration({ ...FN, ...change });
    for (const [change, text] of [
      [{ Timeout: 901 }, /'901' at 'timeout' .* less than or equal to 900$/],
      [{ Timeout: 0 }, /'0' at 'timeout' .* greater than or equal to 1$/],
      [{ MemorySize: 10_241 }, /'memorySize' .* less than or equal to 10240$/],
      [{ MemorySize: 127 }, /'memorySize' .* greater than or equal to 128$/],
      [{ EphemeralStorage: { Size: 10_241 } }, /'ephemeralStorage.size' .* to 10240$/],
      [{ EphemeralStorage: { Size: 511 } }, /'ephemeralStorage.size' .* to 512$/],
      [{ Description: 'd'.repeat(257) }, /'description' .* to 256$/],
      [{ Handler: 'a b' }, /'handler' .* regular expression/],
    ] as const)
      await refuses(update(change), VALIDATION, 400, text);
    const most = { Timeout: 900, MemorySize: 10_240, EphemeralStorage: { Size: 10_240 } };
    const made = await update({ ...most, Description: 'd'.repeat(256) });
    assert.equal([made.Timeout, made.MemorySize, made.EphemeralStorage], [900, 10_240, { Size: 10_240 }]);
    const snap = { SnapStart: { ApplyOn: 'PublishedVersions' } };
    await refuses(update(snap), INVALID, 400, 'nodejs22.x is not supported for SnapStart enabled functions.');
  });
});

test('variables are measured as compact JSON, and their names are not reserved', async () => {
  await withClients({ seed: SEED, updateLooks: 0 }, async ({ lambda }) => {
    const update = (Variables: Record<string, string>) =>
      lambda.updateFunctionConfiguration({ ...FN, Environment: { Variables } });
    const filled = (bytes: number) => ({ AB: 'x'.repeat(bytes - JSON.stringify({ AB: '' }).length) });
    await update(filled(4096));
    const start =
      'Lambda was unable to configure your environment variables because the environment variables you have provided';
    const text = `${start} exceeded the 4KB limit. String measured: ${JSON.stringify(filled(4097))}`;
    await refuses(update(filled(4097)), INVALID, 400, text);
    await refuses(update({ AB: 'ü'.repeat(2045) }), INVALID, 400, /exceeded the 4KB limit/);
    await refuses(
      update({ AWS_REGION: 'x' }),
      INVALID,
      400,
      /Reserved keys used in this request: AWS_REGION$/,
    );
    await refuses(update({ _HANDLER: 'x' }), INVALID, 400, /Reserved keys used in this request: _HANDLER$/);
    await refuses(update({ A: 'x' }), VALIDATION, 400, /'environment.variables' .* Map keys must satisfy/);
    await refuses(update({ '1A': 'x' }), VALIDATION, 400, /Map keys must satisfy/);
    await update({ LD_LIBRARY_PATH: '/x', NODE_OPTIONS: '-r x' });
  });
});

test('archives are zips of a kind that Lambda can unzip', async () => {
  await withClients({ seed: SEED, updateLooks: 0 }, async ({ lambda }) => {
    const update = (ZipFile: Buffer) => lambda.updateFunctionCode({ ...FN, ZipFile });
    const text = 'Could not unzip uploaded file. Please check your file, then try to upload again.';
    const zip = zipOf({ 'index.mjs': 'x'.repeat(1000) });
    const changed = (at: number, byte: number) => {
      const copy = Buffer.from(zip);
      copy[zip.indexOf('PK\x01\x02', 0, 'latin1') + at] = byte;
      return copy;
    };
    await refuses(update(Buffer.from('no zip')), INVALID, 400, text);
    await refuses(update(zip.subarray(0, zip.length - 30)), INVALID, 400, text);
    await refuses(update(Buffer.from(zip.toString('base64'))), INVALID, 400, text);
    await refuses(update(changed(4, 45)), INVALID, 400, text);
    await refuses(update(changed(10, 9)), INVALID, 400, text);
    await refuses(update(changed(8, 9)), INVALID, 400, text);
    await refuses(update(zipOf({})), INVALID, 400, 'Uploaded file must be a non-empty zip');
    await refuses(
      update(atMost(262_144_000)),
      INVALID,
      400,
      'Unzipped size must be smaller than 262144000 bytes',
    );
    await update(atMost(262_143_999));
    await update(changed(4, 20));
  });
});

test('an archive in a request is at most 50 MB, and a request at most 70,167,211 bytes', async () => {
  await withClients({ seed: SEED, updateLooks: 0 }, async ({ stub, lambda }) => {
    const pad = (bytes: number) => {
      const end = zipOf({ a: 'x' });
      return Buffer.concat([Buffer.alloc(bytes - end.length), end]);
    };
    const text = 'Zipped size must be smaller than 52428800 bytes';
    const large = lambda.updateFunctionCode({ ...FN, ZipFile: pad(52_428_801) });
    await refuses(large, 'RequestEntityTooLargeException', 413, text);
    const body = JSON.stringify({ ZipFile: zipOf({ a: 'x' }).toString('base64') }).padEnd(70_167_212, ' ');
    const request = await fetch(`${stub.url}/2015-03-31/functions/f/code`, {
      method: 'PUT',
      body,
      headers: {
        authorization: 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/eu-west-1/lambda/aws4_request',
      },
    });
    const { message } = (await request.json()) as { message: string };
    const most = 'Request must be smaller than 70167211 bytes for the UpdateFunctionCode operation';
    assert.equal([request.status, message], [413, most]);
  });
});

test('layers are five at most, all there, of one region, and each once', async () => {
  const layers = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(name => [name, [{}, {}]]));
  const other = layerArn('shared', 3, 'eu-west-1', '999999999999');
  const seed = { ...SEED, layers, foreignLayers: { [other]: {} } };
  await withClients({ seed, updateLooks: 0 }, async ({ lambda }) => {
    const attach = (...Layers: string[]) => lambda.updateFunctionConfiguration({ ...FN, Layers });
    const all = Object.keys(layers).map(name => layerArn(name, 1));
    await refuses(attach(...all), INVALID, 400, 'Cannot reference more than 5 layers.');
    const [a1, a2] = [layerArn('a', 1), layerArn('a', 2)];
    const twice = `Two different versions of the same layer are not allowed to be referenced in the same function. ${a1} and ${a2} are versions of the same layer.`;
    await refuses(attach(a1, a2), INVALID, 400, twice);
    const region =
      'Layers are not in the same region as the function. Layers are expected to be in region eu-west-1.';
    await refuses(attach(layerArn('a', 1, 'us-east-1')), INVALID, 400, region);
    const gone = layerArn('a', 9);
    await refuses(attach(gone), INVALID, 400, `Layer version ${gone} does not exist.`);
    await refuses(attach(a1.replace(':1', '')), VALIDATION, 400, /'layers' failed to satisfy constraint/);
    const foreign = layerArn('b', 1, 'eu-west-1', '999999999999');
    await refuses(attach(foreign), 'AccessDeniedException', 403, /no resource-based policy allows/);
    const made = await attach(other, ...all.slice(0, 4));
    assert.equal(
      made.Layers?.map(({ Arn }) => Arn),
      [other, ...all.slice(0, 4)],
    );
    const create = { ...FN, FunctionName: 'n', Runtime: 'nodejs22.x', Handler: 'a.b', Role: ROLE } as const;
    const Code = { ZipFile: zipOf({ a: 'b' }) };
    await refuses(lambda.createFunction({ ...create, Code, Layers: [a1, a2] }), INVALID, 400, twice);
  });
});

test.run();
