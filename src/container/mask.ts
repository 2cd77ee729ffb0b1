/** Shorter texts are words that stand in any output. */
const LEAST = 4;

/** A user and a password in an address. */
const IN_ADDRESS = /(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@]*:[^\s/@]*@/gi;

/** Makes what hides secrets in lines of output: those given, as they are and as addresses have them, and any password in an address. */
export function makeMask(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .flatMap(secret => secret.split(/[\r\n]+/))
    .flatMap(secret => [secret, encodeURIComponent(secret)])
    .filter(text => text.trim().length >= LEAST);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return line =>
    longestFirst.reduce((text, secret) => text.replaceAll(secret, '***'), line).replace(IN_ADDRESS, '$1***@');
}
