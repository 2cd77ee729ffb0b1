import type { Finding } from '../findings.ts';

const MIB = 1024 * 1024;

/** What the function itself may want of `/tmp`, and what its file system keeps for itself. */
const TIGHT = 0.9;

/** Judges what compressed libraries take of `/tmp` once they are inflated; `bytes` is 0 where there are none. */
export function checkTmp(bytes: number, tmpMiB: number): readonly Finding[] {
  const limit = tmpMiB * MIB;
  if (bytes <= limit * TIGHT) return [];
  return [{ code: 'TMP_TOO_SMALL', level: bytes > limit ? 'error' : 'warning', bytes, limit }];
}
