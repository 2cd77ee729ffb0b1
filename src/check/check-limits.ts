import type { Finding } from '../findings.ts';
import { limits } from '../platform/limits.ts';

/** What an artifact weighs, bytes. `zippedBytes` is null while there is no zip. */
export interface Weight {
  readonly zippedBytes: number | null;
  readonly unzippedBytes: number;
}

/** Judges an artifact by Lambda's limits. A zip over the direct limit still goes through S3; unpacked size has no way out. */
export function checkLimits({ zippedBytes, unzippedBytes }: Weight): readonly Finding[] {
  const findings: Finding[] = [];
  if (unzippedBytes >= limits.unzippedBytes) {
    findings.push({
      code: 'LIMIT_UNZIPPED',
      level: 'error',
      bytes: unzippedBytes,
      limit: limits.unzippedBytes,
    });
  }
  if (zippedBytes !== null && zippedBytes > limits.zippedBytes) {
    findings.push({ code: 'LIMIT_ZIPPED', level: 'warning', bytes: zippedBytes, limit: limits.zippedBytes });
  }
  return findings;
}
