import { answerError, answerJson, answerOptions, type HttpAnswer } from './http-answer.ts';
import { type HttpRequest, isHttpEvent, parseHttpEvent } from './http-event.ts';
import { type ImageInput, parseImageInput } from './image-input.ts';
import type { Prediction } from './rank.ts';
import { readHttpInput } from './read-http-input.ts';
import { isRefusal, refuse } from './refusal.ts';

/** Names what is on a picture, given the bytes of its file. */
export type Classifier = (image: Uint8Array) => Promise<readonly Prediction[]>;

/** What the handler stands on. */
export interface Parts {
  readonly loadClassifier: () => Promise<Classifier>;
  readonly fetchImage: (url: string) => Promise<Uint8Array>;
  readonly logError: (error: unknown) => void;
}

export interface Answer {
  readonly predictions: readonly Prediction[];
}

export type LambdaHandler = (event: unknown) => Promise<Answer | HttpAnswer>;

/** Lambda's own bound on a request, in bytes; a picture cannot be larger and arrive. */
const MAX_IMAGE_BYTES = 6 * 1024 * 1024;

/**
 * Makes the Lambda handler. HTTP events get an HTTP answer whatever happens; a plain invocation gets `{predictions}`,
 * or throws, since that is how callers of Invoke and Step Functions learn of a failure.
 */
export function createHandler(parts: Parts): LambdaHandler {
  return async event =>
    isHttpEvent(event)
      ? answerHttp(() => parseHttpEvent(event), parts)
      : predict(parseImageInput(event), parts);
}

async function answerHttp(parseRequest: () => HttpRequest, parts: Parts): Promise<HttpAnswer> {
  try {
    const request = parseRequest();
    if (request.method === 'OPTIONS') return answerOptions();
    return answerJson(200, await predict(await readHttpInput(request), parts));
  } catch (error) {
    if (!isRefusal(error)) parts.logError(error);
    return answerError(error);
  }
}

/** The picture and, on a cold start, the model are fetched side by side. */
async function predict(input: ImageInput, parts: Parts): Promise<Answer> {
  const [image, classify] = await Promise.all([readImage(input, parts), parts.loadClassifier()]);
  return { predictions: await classify(image) };
}

async function readImage(input: ImageInput, parts: Parts): Promise<Uint8Array> {
  if (input.kind === 'url') return parts.fetchImage(input.url);
  if (input.bytes.length <= MAX_IMAGE_BYTES) return input.bytes;
  throw refuse(
    'IMAGE_TOO_LARGE',
    `A picture has at most ${MAX_IMAGE_BYTES} bytes; this one has ${input.bytes.length}.`,
  );
}
