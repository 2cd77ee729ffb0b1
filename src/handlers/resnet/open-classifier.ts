import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Classifier } from './create-handler.ts';
import { decodeImage } from './image.ts';
import type { LoadedModel } from './load-model.ts';
import type { ModelSpec } from './model-spec.ts';
import { rank, softmax } from './rank.ts';
import { shapeOf, toTensor } from './to-tensor.ts';

const BEST = 3;

/** Opens a model with ONNX Runtime; throws when model.json and the model do not fit together. */
export async function openClassifier({ spec, path }: LoadedModel): Promise<Classifier> {
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    // Left to itself ONNX Runtime pins threads to processors, which Lambda's sandbox refuses with a warning each.
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  checkName('input.name', spec.input.name, session.inputNames);
  checkName('output.name', spec.output.name, session.outputNames);
  return async image => classify(session, spec, await decodeImage(image, spec.input));
}

async function classify(session: InferenceSession, spec: ModelSpec, rgb: Uint8Array) {
  const { input, output, labels } = spec;
  const tensor = new Tensor('float32', toTensor(rgb, input), [...shapeOf(input)]);
  const { [output.name]: result } = await session.run({ [input.name]: tensor }, [output.name]);
  const scores = result?.data;
  if (!(scores instanceof Float32Array) || scores.length !== labels.length) {
    throw new Error(
      `model.json has ${labels.length} labels, but the model's output ${output.name} is ${result?.type} ${result?.dims.join('×')}.`,
    );
  }
  return rank(output.apply === 'softmax' ? softmax(scores) : scores, labels, BEST);
}

function checkName(key: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new Error(`model.json: ${key} is "${name}", but the model has ${names.join(', ')}.`);
}
