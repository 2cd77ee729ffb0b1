import type { LookupAddress } from 'node:dns';
import type { FetchRules } from './fetch-rules.ts';
import { refuse } from './refusal.ts';

/** A URL that may be fetched, with the addresses that were checked; no other may be connected to. */
export interface CheckedUrl {
  readonly url: URL;
  readonly addresses: readonly LookupAddress[];
}

/** Parses and checks a URL, resolves its host once and checks each of its addresses. */
export async function checkUrl(rawUrl: string, base: URL | null, rules: FetchRules): Promise<CheckedUrl> {
  const url = parseUrl(rawUrl, base);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (!rules.isAllowedPort(port)) throw refuse('URL_FORBIDDEN', 'Only the ports 80 and 443 may be asked.');
  const addresses = await resolve(url, rules);
  // One bad address condemns the name: which of them would be used is not ours to say.
  if (!addresses.every(({ address }) => rules.isAllowedAddress(address))) {
    throw refuse('URL_FORBIDDEN', 'The URL leads to an address that is not on the public internet.');
  }
  return { url, addresses };
}

function parseUrl(rawUrl: string, base: URL | null): URL {
  if (!URL.canParse(rawUrl, base?.href)) throw refuse('URL_INVALID', 'The URL is not a valid absolute URL.');
  const url = new URL(rawUrl, base?.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse('URL_FORBIDDEN', 'Only http and https URLs are fetched.');
  }
  if (url.username || url.password)
    throw refuse('URL_FORBIDDEN', 'A URL with a user name or password is not fetched.');
  return url;
}

async function resolve(url: URL, rules: FetchRules): Promise<readonly LookupAddress[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await rules.resolve(host).catch((error: unknown) => {
    throw refuse('URL_UNREACHABLE', 'The host of the URL is not known.', error);
  });
  if (addresses.length === 0) throw refuse('URL_UNREACHABLE', 'The host of the URL has no address.');
  return addresses;
}
