import { promises as dns, type LookupAddress } from 'node:dns';
import { isPublicAddress } from './public-address.ts';

/** What a fetch for a stranger may do. Tests give their own; there is no setting that loosens them. */
export interface FetchRules {
  readonly isAllowedAddress: (address: string) => boolean;
  readonly isAllowedPort: (port: number) => boolean;
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
  readonly maxBytes: number;
  /** Milliseconds for all of it: names, connections, redirects and bytes. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
}

/** Public web servers on their usual ports, 10 MB and 5 s. */
export const PUBLIC_WEB: FetchRules = {
  isAllowedAddress: isPublicAddress,
  isAllowedPort: port => port === 80 || port === 443,
  resolve: host => dns.lookup(host, { all: true }),
  maxBytes: 10_000_000,
  timeoutMs: 5_000,
  maxRedirects: 3,
};
