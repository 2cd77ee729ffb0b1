import type { Finding } from '../findings.ts';
import { limits } from '../platform/limits.ts';

/** What an account allows by itself, bytes. */
export interface AccountLimits {
  readonly zippedBytes: number;
  readonly unzippedBytes: number;
  /** All code of functions and layers in the region, and what is left of it. */
  readonly storageBytes: number;
  readonly freeStorageBytes: number;
}

/** What is judged beside the files; null is what nobody says. */
export interface Settings {
  readonly environmentBytes: number | null;
  readonly tmpMiB: number;
  readonly account: AccountLimits | null;
}

/** JSON of the rest of a request that creates a function, at most about so many bytes. */
const REQUEST_REST_BYTES = 1024;

/** What the variables take as Lambda measures them: compact JSON. */
export function measureEnvironment(variables: Readonly<Record<string, string>>): number {
  return Buffer.byteLength(JSON.stringify(variables));
}

/** Bytes of a request with the zip in it, about: base64 in JSON. */
export function measureRequest(zippedBytes: number, environmentBytes: number | null): number {
  return 4 * Math.ceil(zippedBytes / 3) + (environmentBytes ?? 0) + REQUEST_REST_BYTES;
}

/** Judges variables, `/tmp`, and, where they are known, the account's own limits. */
export function checkSettings(
  { environmentBytes, tmpMiB, account }: Settings,
  zippedBytes: number | null,
  unzippedBytes: number,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (environmentBytes !== null && environmentBytes > limits.environmentBytes) {
    const limit = limits.environmentBytes;
    findings.push({ code: 'LIMIT_ENVIRONMENT', level: 'error', bytes: environmentBytes, limit });
  }
  const { tmpMinMiB: least, tmpMaxMiB: most } = limits;
  if (tmpMiB < least || tmpMiB > most)
    findings.push({ code: 'LIMIT_TMP', level: 'error', size: tmpMiB, least, most });
  return account ? [...findings, ...checkAccount(account, zippedBytes, unzippedBytes)] : findings;
}

/** Only what Lambda's general limits do not say already. */
function checkAccount(
  account: AccountLimits,
  zippedBytes: number | null,
  unzippedBytes: number,
): readonly Finding[] {
  const code = 'LIMIT_ACCOUNT';
  const findings: Finding[] = [];
  const isTighter = account.unzippedBytes < limits.unzippedBytes;
  if (isTighter && unzippedBytes >= account.unzippedBytes) {
    const limit = account.unzippedBytes;
    findings.push({ code, level: 'error', what: 'unzipped', bytes: unzippedBytes, limit });
  }
  if (zippedBytes !== null && account.zippedBytes < limits.zippedBytes && zippedBytes > account.zippedBytes) {
    const limit = account.zippedBytes;
    findings.push({ code, level: 'warning', what: 'zipped', bytes: zippedBytes, limit });
  }
  // Measured unzipped, as the docs say.
  if (unzippedBytes > account.freeStorageBytes) {
    const limit = account.freeStorageBytes;
    findings.push({ code, level: 'error', what: 'storage', bytes: unzippedBytes, limit });
  }
  return findings;
}
