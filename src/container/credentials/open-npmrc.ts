import { cutAddresses } from './addresses.ts';

/** `//registry/:_authToken=…`, `_auth=…`, `_password=…`, `key=…` and their kin, lists such as `key[]=…` too; what names a file is fine. */
const SECRET_NAME =
  /^\/\/|(?:^|[:_-])(?:auth|authtoken|password|passwd|token|secret|key|cert|username|otp)\b/i;

/** An `npmrc` for code of packages: what says where packages come from stays, without names, passwords and tokens. */
export function openNpmrc(text: string, secrets: readonly string[]): string {
  // Shorter ones stand in any line.
  const known = secrets.filter(secret => secret.length >= 4);
  const isOpen = (line: string): boolean => {
    const name = line.slice(0, line.indexOf('=')).trim();
    return line.includes('=') && !SECRET_NAME.test(name) && !known.some(secret => line.includes(secret));
  };
  return text.split(/\r?\n/).map(cutAddresses).filter(isOpen).join('\n');
}
