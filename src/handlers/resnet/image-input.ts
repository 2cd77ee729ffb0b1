import { isRecord } from './is-record.ts';
import { refuse } from './refusal.ts';

/** Where the picture is: in the request, or behind a URL. */
export type ImageInput =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string };

/** Reads `{"image": "<base64>"}` or `{"url": "…"}`. A data URL is taken as well as bare base64. */
export function parseImageInput(value: unknown): ImageInput {
  const { image, url } = isRecord(value) ? value : {};
  if (image !== undefined && url !== undefined) {
    throw refuse('TWO_INPUTS', 'Give either "image" or "url", not both.');
  }
  if (typeof image === 'string') return { kind: 'bytes', bytes: decodeBase64(image) };
  if (typeof url === 'string') return { kind: 'url', url };
  throw refuse(
    'NO_INPUT',
    'Give a picture as {"image": "<base64>"} or {"url": "https://…"}; both are strings.',
  );
}

function decodeBase64(text: string): Uint8Array {
  const base64 = text.replace(/^data:[^,]{0,100};base64,/, '').replace(/\s+/g, '');
  // Buffer.from drops what it does not know; both alphabets of RFC 4648 are fine.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) throw refuse('BAD_BASE64', '"image" is not base64.');
  return Buffer.from(base64, 'base64');
}
