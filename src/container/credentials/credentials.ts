import type { Credentials, Secret, ToolSettings } from '../build-types.ts';

export const NO_CREDENTIALS: Credentials = {
  secrets: [],
  env: {},
  masked: [],
  open: { secrets: [], env: {} },
};

/** Puts credentials of several tools together; of files of the same name the last one counts. */
export function joinCredentials(...all: readonly Credentials[]): Credentials {
  return {
    ...joinSettings(all),
    masked: [...new Set(all.flatMap(({ masked }) => masked))],
    open: joinSettings(all.map(({ open }) => open)),
  };
}

function joinSettings(all: readonly ToolSettings[]): ToolSettings {
  const secrets = new Map<string, Secret>();
  for (const secret of all.flatMap(each => each.secrets)) secrets.set(secret.name, secret);
  return { secrets: [...secrets.values()], env: Object.assign({}, ...all.map(({ env }) => env)) };
}
