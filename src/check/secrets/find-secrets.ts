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

/** Finds secrets in the text of the file at `path`, one row a kind. The secrets themselves are not in what is returned. */
export function findSecrets(text: string, path: string): readonly FoundSecret[] {
  return SECRET_KINDS.flatMap((kind): FoundSecret[] => {
    if (kind.files?.test(path) === false || !kind.markers.some(each => text.includes(each))) return [];
    const real = [...text.matchAll(kind.pattern)].filter(match => isReal(kind, match));
    const [first] = real;
    if (first === undefined) return [];
    const line = text.slice(0, first.index).split('\n').length;
    return [{ what: kind.what, masked: kind.masked, line, count: real.length }];
  });
}

function isReal(kind: SecretKind, [whole, secret = '']: RegExpMatchArray): boolean {
  if (kind.what === 'a private key') {
    const body = secret.replace(/\\[nr]|[^A-Za-z0-9+/]/g, '');
    return body.length >= MIN_KEY_CHARACTERS && new Set(body).size >= MIN_DISTINCT;
  }
  if (PLACEHOLDER.test(secret) || new Set(secret).size < MIN_DISTINCT) return false;
  if (kind.masked !== 'AKIA' && kind.masked !== 'ASIA') return kind.files !== undefined || mixes(secret);
  // Digests have forty characters as well, but no capitals among small letters.
  return !/example/i.test(whole) && /[a-z]/.test(secret) && /[A-Z]/.test(secret) && /\d/.test(secret);
}

/** Words that are joined have no digits among their letters. */
function mixes(secret: string): boolean {
  return /\d/.test(secret) && /[A-Za-z]/.test(secret);
}
