import { isRecord } from './is-record.ts';

/** How a picture of any shape becomes one of the model's size; see the README for the words in model.json. */
export type Resize =
  | { readonly kind: 'contain' }
  | { readonly kind: 'cover' }
  | { readonly kind: 'crop'; readonly shortestSide: number };

export type Rgb = readonly [number, number, number];

export interface InputSpec {
  readonly name: string;
  readonly layout: 'NCHW' | 'NHWC';
  readonly height: number;
  readonly width: number;
  readonly resize: Resize;
  readonly scale: number;
  readonly mean: Rgb;
  readonly std: Rgb;
}

export interface OutputSpec {
  readonly name: string;
  readonly apply: 'softmax' | 'none';
}

/** What model.json says. */
export interface ModelSpec {
  /** Name of the ONNX file beside model.json. */
  readonly file: string;
  /** Of that file, in lower-case hex; null where it does not say. */
  readonly sha256: string | null;
  readonly input: InputSpec;
  readonly output: OutputSpec;
  readonly labels: readonly string[];
}

const MAX_SIDE = 4096;

/** Parses model.json; an error names the key, what is expected there and what was found. */
export function parseModelSpec(text: string): ModelSpec {
  const model = parseJson(text);
  const { input, output } = model;
  expect(isRecord(input), 'input', 'an object', input);
  expect(isRecord(output), 'output', 'an object', output);
  const { file, sha256 = null, labels } = model;
  expect(isPlainName(file), 'file', 'the name of a file beside model.json', file);
  expect(sha256 === null || isSha256(sha256), 'sha256', '64 lower-case hex digits', sha256);
  expect(isList(labels, isString) && labels.length > 0, 'labels', 'a list of strings', labels);
  return { file, sha256, input: parseInput(input), output: parseOutput(output), labels };
}

/** True for a sha256 in lower-case hex. */
export function isSha256(value: unknown): value is string {
  return isString(value) && /^[0-9a-f]{64}$/.test(value);
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new Error('model.json is not valid JSON.', { cause });
  }
  expect(isRecord(model), 'the whole', 'an object', model);
  return model;
}

function parseInput(input: Readonly<Record<string, unknown>>): InputSpec {
  const { name, layout, size, scale, mean, std } = input;
  expect(isString(name), 'input.name', 'a string', name);
  expect(layout === 'NCHW' || layout === 'NHWC', 'input.layout', '"NCHW" or "NHWC"', layout);
  expect(isSize(size), 'input.size', `[height, width] in pixels, at most ${MAX_SIDE}`, size);
  expect(isNumber(scale) && scale > 0, 'input.scale', 'a number above 0', scale);
  expect(isRgb(mean), 'input.mean', 'three numbers', mean);
  expect(isRgb(std) && !std.includes(0), 'input.std', 'three numbers, none 0', std);
  const [height, width] = size;
  return { name, layout, height, width, resize: parseResize(input.resize, height, width), scale, mean, std };
}

function parseResize(resize: unknown, height: number, width: number): Resize {
  if (resize === 'contain onto a square of the border colour') return { kind: 'contain' };
  if (resize === 'cover') return { kind: 'cover' };
  const side = isString(resize) ? Number(/^shortest side (\d+) then centre crop$/.exec(resize)?.[1]) : NaN;
  const expected =
    '"contain onto a square of the border colour", "cover" or "shortest side <n> then centre crop" with n not below the size';
  expect(side >= height && side >= width, 'input.resize', expected, resize);
  return { kind: 'crop', shortestSide: side };
}

function parseOutput({ name, apply }: Readonly<Record<string, unknown>>): OutputSpec {
  expect(isString(name), 'output.name', 'a string', name);
  expect(apply === 'softmax' || apply === 'none', 'output.apply', '"softmax" or "none"', apply);
  return { name, apply };
}

function expect(holds: boolean, key: string, expected: string, found: unknown): asserts holds {
  if (holds) return;
  throw new Error(
    `model.json: expected ${expected} at ${key}, found ${JSON.stringify(found)?.slice(0, 100)}.`,
  );
}

function isString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isRgb(value: unknown): value is Rgb {
  return isList(value, isNumber) && value.length === 3;
}

function isSize(value: unknown): value is readonly [number, number] {
  return (
    isList(value, isNumber) &&
    value.length === 2 &&
    value.every(side => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)
  );
}

/** A folder in the name could lead out of the model's own. */
function isPlainName(value: unknown): value is string {
  return isString(value) && /^\w[\w.-]*$/.test(value);
}
