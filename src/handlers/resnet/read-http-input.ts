import type { HttpRequest } from './http-event.ts';
import { type ImageInput, parseImageInput } from './image-input.ts';
import { refuse } from './refusal.ts';

export const METHODS = 'GET, POST, OPTIONS';

const OPENING_BRACE = 0x7b;

/** Finds the picture in an HTTP request: `?url=`, a JSON body, a form with a file, or the bytes themselves. */
export async function readHttpInput(request: HttpRequest): Promise<ImageInput> {
  if (request.method === 'GET') return readQuery(request);
  if (request.method !== 'POST') throw refuse('METHOD_NOT_ALLOWED', `Use one of ${METHODS}.`);
  if (request.body.length === 0) throw refuse('NO_INPUT', 'The body is empty; POST a picture or JSON.');
  const type = request.headers['content-type'] ?? '';
  // No picture starts with a brace, and `curl -d '{…}'` sends a form's content type.
  if (/\bjson\b/i.test(type) || request.body[0] === OPENING_BRACE)
    return parseImageInput(parseJson(request.body));
  if (!request.isBinarySafe) throw mangled();
  if (/^multipart\/form-data\b/i.test(type)) return readForm(request.body, type);
  return { kind: 'bytes', bytes: request.body };
}

function readQuery(request: HttpRequest): ImageInput {
  const url = request.query.url;
  if (!url) throw refuse('NO_INPUT', 'Say which picture: GET ?url=https%3A%2F%2F…, or POST the picture.');
  return { kind: 'url', url };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw refuse('BAD_JSON', 'The body is not valid JSON.', error);
  }
}

function mangled() {
  return refuse(
    'BODY_MANGLED',
    'The picture came as text, which ruins its bytes. In a REST API add the content type to binaryMediaTypes ' +
      '("*/*" or "image/*") and deploy it again, or POST JSON {"image": "<base64>"}.',
  );
}

/** Takes the first file of a form, as `curl -F image=@boot.jpg` sends it, or its field "url". */
async function readForm(body: Uint8Array, type: string): Promise<ImageInput> {
  const form = await new Response(Buffer.from(body), { headers: { 'content-type': type } })
    .formData()
    .catch((error: unknown) => {
      throw refuse('BAD_FORM', 'The body is not a valid multipart form.', error);
    });
  for (const [, value] of form) {
    if (typeof value !== 'string') return { kind: 'bytes', bytes: new Uint8Array(await value.arrayBuffer()) };
  }
  const url = form.get('url');
  if (typeof url === 'string') return { kind: 'url', url };
  throw refuse('NO_INPUT', 'The form has no file; send one with `curl -F image=@picture.jpg`.');
}
