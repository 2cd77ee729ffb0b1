import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LambdaApi, LayerVersion } from '../../src/aws/types.ts';
import { SlimError } from '../../src/errors.ts';
import { measureDeployed } from '../../src/publish/measure-deployed.ts';
import type { DeployedSizes } from '../../src/publish/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { zipOf } from '../helpers/aws-stub/zip-of.ts';
import { deployedOf, layerArnOf, partOf, versionOf } from '../helpers/deployed.ts';
import { withServer } from '../helpers/http-stub.ts';
import { rejects } from '../helpers/rejects.ts';

const OURS = partOf('classify-deps-1');
const LISTED = new Map([[OURS.name, [versionOf(OURS, 1)]]]);
const ZIP = zipOf({ 'index.mjs': 'x', 'model.bin': { claims: 7_000_000 } });

type Read = (arn: string) => Promise<LayerVersion | null>;

/** Measures a function whose code is served like this. */
function measure(
  serve: (response: ServerResponse, request: IncomingMessage) => void,
  options: { readonly layers?: readonly string[]; readonly read?: Read; readonly signal?: AbortSignal } = {},
): Promise<DeployedSizes> {
  const { layers = [], read = async () => null, signal = new AbortController().signal } = options;
  const lambda = { readLayerVersion: read } as unknown as LambdaApi;
  return withTempDir(workDir =>
    withServer(
      async (request, response) => serve(response, request),
      port => {
        const fn = deployedOf(layers, { codeUrl: `http://127.0.0.1:${port}/code?X-Amz-Signature=1` });
        return measureDeployed(fn, LISTED, lambda, { workDir, signal });
      },
    ),
  );
}

const asItIs = (response: ServerResponse): unknown => response.end(ZIP);

test('the code is measured and kept', async () => {
  const { code, codePath } = await measure(asItIs);
  assert.is(code, 7_000_001);
  assert.match(codePath ?? '', /deployed\.zip$/);
});

test('code that cannot be had, or not whole, is guessed to be large', async () => {
  const ways: readonly ((response: ServerResponse) => unknown)[] = [
    response => response.writeHead(403).end('<Error>'),
    response => response.destroy(),
    response => {
      response.writeHead(200, { 'Content-Length': ZIP.length });
      response.write(ZIP.subarray(0, 20), () => response.destroy());
    },
    response => response.end(ZIP.subarray(0, 60)),
  ];
  for (const serve of ways) {
    const { code, codePath } = await measure(serve);
    assert.equal([code, codePath], [4000, null]);
  }
});

test('our layers tell their size, listed or read; others are guessed', async () => {
  const read = partOf('classify-native-1', 'c');
  const arns = [layerArnOf(OURS.name), layerArnOf(read.name), layerArnOf('insights', 3, '580247275435')];
  const asked: string[] = [];
  const { layers } = await measure(asItIs, {
    layers: arns,
    read: async arn => {
      asked.push(arn);
      if (arn.includes('insights')) throw new SlimError('AWS_DENIED', ['Reading the layer', 'No.']);
      return versionOf(read, 1);
    },
  });
  assert.equal(
    [...layers],
    [
      [arns[0], 5000],
      [arns[1], 5000],
      [arns[2], 4000],
    ],
  );
  assert.equal(asked, arns.slice(1), 'what was listed is not read again');
});

test('a layer that nobody knows any more is guessed, and other failures are told', async () => {
  const { layers } = await measure(asItIs, { layers: [layerArnOf('gone')] });
  assert.equal([...layers.values()], [4000]);
  const read: Read = async () => {
    throw new SlimError('AWS_FAILED', ['Reading the layer', '500', 'Broken.']);
  };
  await rejects(measure(asItIs, { layers: [layerArnOf('x')], read }), 'AWS_FAILED');
});

test('it ends when it is cancelled', async () => {
  const controller = new AbortController();
  const serve = (): void => controller.abort();
  await rejects(measure(serve, { signal: controller.signal }), 'CANCELLED');
});

test.run();
