import { isIP } from 'node:net';
import { hostName } from './headers.ts';
import type { Header } from './types.ts';

/** True for an address that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return /^127\./.test(address) || address === '::1' || /^::ffff:127\./i.test(address);
}

/**
 * True where a request names this machine, not a site whose name was made to point to it (DNS rebinding). Addresses
 * cannot be rebound; `host` is the name that the server was told to listen on.
 */
export function isOwnHost(headers: readonly Header[], host: string): boolean {
  const name = hostName(headers)
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  return (
    isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || name === host.toLowerCase()
  );
}
