import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findPythonWith, runPythonTests } from '../handlers/python/run-python.ts';
import { withBoto } from '../handlers/python/with-boto.ts';
import { hasMoto } from '../helpers/moto.ts';

const python = findPythonWith(['torch', 'torchvision', 'PIL']);
const test = suite('resnet-torch, with a real PyTorch');
const testWithTorch = python === null && !process.env.CI ? test.skip : test;
const testWithMoto = hasMoto() || process.env.CI ? testWithTorch : test.skip;

function found(): string {
  assert.ok(python, 'python3-torch and python3-torchvision are installed');
  return python;
}

testWithTorch('pictures are decoded and fitted', () =>
  runPythonTests({ python: found(), folder: 'pictures' }),
);

testWithTorch('a packaged network, a ResNet-18 of torchvision, checkpoints, faults, PyTorch on a mount', () =>
  runPythonTests({ python: found(), folder: 'torch', handler: 'resnet-torch' }),
);

testWithMoto('a model from S3', () =>
  withBoto(env => runPythonTests({ python: found(), folder: 'torch-s3', handler: 'resnet-torch', env })),
);

test.run();
