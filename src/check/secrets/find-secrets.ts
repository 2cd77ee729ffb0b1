import { SECRET_KINDS, type SecretKind } from './patterns.ts';

export interface FoundSecret {
  readonly what: string;
  readonly masked: string;
  /** Of the first one. */
  readonly line: number;
  readonly count: number;
}

/** What stands in documentation for a secret. */
const PLACEHOLDER = /example|sample|placeholder|changeme|your|dummy|fake|(.)\1{7}|0123456789|abcdefghij/i;

/** A random text of 20 characters or more has at least so many different ones. */
const MIN_DISTINCT = 10;

/** The shortest body of a private key in PEM is that of one for Ed25519, with 64 characters. */
const MIN_KEY_CHARACTERS = 60;

/** Between an access key's id and its secret lie at most so many characters, whichever comes first. */
const MAX_BETWEEN = 160;

/** More than a secret beside an id has, so that what the edge of the text around it cuts lies too far away to count. */
const MAX_PARTNER = 64;

/** Finds secrets in the text of the file at `path`, one row a kind. The secrets themselves are not in what is returned. */
export function findSecrets(text: string, path: string): readonly FoundSecret[] {
  return SECRET_KINDS.flatMap((kind): FoundSecret[] => {
    if (kind.files?.test(path) === false || !kind.markers.some(each => text.includes(each))) return [];
    const starts = [...text.matchAll(kind.pattern)].flatMap(match => {
      const at = startOf(kind, match, text);
      return at === null ? [] : [{ at, match }];
    });
    const [first] = starts;
    if (first === undefined) return [];
    const line = text.slice(0, first.at).split('\n').length;
    const masked = kind.shown.exec(first.match[0])?.[0] ?? '';
    return [{ what: kind.what, masked, line, count: starts.length }];
  });
}

/** Where a secret begins, or its partner before it; null where there is none. */
function startOf(kind: SecretKind, match: RegExpExecArray, text: string): number | null {
  if (kind.partner) return startOfPair(kind.partner, match, text);
  return isReal(kind, match) ? match.index : null;
}

function isReal(kind: SecretKind, [, secret = '']: RegExpExecArray): boolean {
  if (kind.what === 'a private key') {
    const body = secret.replace(/\\[nr]|[^A-Za-z0-9+/]/g, '');
    return body.length >= MIN_KEY_CHARACTERS && new Set(body).size >= MIN_DISTINCT;
  }
  return isRandom(secret) && (kind.files !== undefined || mixes(secret));
}

function startOfPair(partner: RegExp, { 0: id, index }: RegExpExecArray, text: string): number | null {
  const from = Math.max(0, index - MAX_BETWEEN - MAX_PARTNER);
  const end = index + id.length;
  const around = text.slice(from, end + MAX_BETWEEN + MAX_PARTNER);
  for (const match of around.matchAll(partner)) {
    const secret = match[0];
    const at = from + match.index;
    const between = text.slice(Math.min(index, at), Math.max(end, at + secret.length));
    if (between.length > id.length + MAX_BETWEEN + secret.length || /example/i.test(between)) continue;
    // Digests have forty characters as well, but no capitals among small letters.
    if (isRandom(secret) && /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret))
      return Math.min(index, at);
  }
  return null;
}

function isRandom(secret: string): boolean {
  return !PLACEHOLDER.test(secret) && new Set(secret).size >= MIN_DISTINCT;
}

/** Words that are joined have no digits among their letters. */
function mixes(secret: string): boolean {
  return /\d/.test(secret) && /[A-Za-z]/.test(secret);
}
