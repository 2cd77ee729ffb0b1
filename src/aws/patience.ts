import { type ClientConfig, toClientConfig } from './client-config.ts';
import { sendInPieces } from './send-in-pieces.ts';
import type { Patience } from './types.ts';

const DEFAULTS = { pollMs: 100, waitMs: 120_000, attempts: 5, silenceMs: 60_000 };
const CONNECT_MS = 10_000;

export interface PatientConfig extends ClientConfig {
  /** Of the SDK's standard retries, with jitter: throttling, lost connections, answers 5xx. */
  readonly maxAttempts: number;
  readonly retryMode: 'standard';
  /** `socketTimeout` counts silence only: with each piece of a body it begins anew. */
  readonly requestHandler: { readonly connectionTimeout: number; readonly socketTimeout: number };
  readonly extensions: (typeof sendInPieces)[];
}

/** With our defaults, which suit AWS. */
export function completePatience(patience: Patience): Required<Patience> {
  return { ...DEFAULTS, ...patience };
}

/** What a client of the SDK is made with that waits and tries again as it is told. */
export function toPatientConfig(
  env: Readonly<Record<string, string | undefined>>,
  service: string,
  patience: Patience,
): PatientConfig {
  const { attempts, silenceMs } = completePatience(patience);
  return {
    ...toClientConfig(env, service),
    maxAttempts: attempts,
    retryMode: 'standard',
    requestHandler: { connectionTimeout: Math.min(CONNECT_MS, silenceMs), socketTimeout: silenceMs },
    extensions: [sendInPieces],
  };
}
