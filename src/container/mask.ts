import { maskAddresses } from './credentials/addresses.ts';

/** Shorter texts are words that stand in any output. */
const LEAST = 4;

/** Makes what hides secrets in lines of output: those given, as they are and as addresses have them, and passwords and tokens in any address. */
export function makeMask(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .flatMap(secret => secret.split(/[\r\n]+/))
    .flatMap(secret => [secret, encodeURIComponent(secret)])
    .filter(text => text.trim().length >= LEAST);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return line => maskAddresses(longestFirst.reduce((text, secret) => text.replaceAll(secret, '***'), line));
}
