import type { Credentials } from '../build-types.ts';

export const NO_CREDENTIALS: Credentials = { secrets: [], env: {}, masked: [] };

/** Puts credentials of several tools together; of files of the same name the last one counts. */
export function joinCredentials(...all: readonly Credentials[]): Credentials {
  const secrets = new Map(all.flatMap(each => each.secrets.map(secret => [secret.name, secret])));
  return {
    secrets: [...secrets.values()],
    env: Object.assign({}, ...all.map(({ env }) => env)),
    masked: [...new Set(all.flatMap(({ masked }) => masked))],
  };
}
