type Env = Readonly<Record<string, string | undefined>>;

/** What every client of the SDK is made with; the SDK looks for what is left out, as it always does. */
export interface ClientConfig {
  readonly region?: string;
  readonly endpoint?: string;
  readonly profile?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * Reads `env` as the SDK reads its process's, so that what the caller was given counts, and nothing else.
 * `AWS_DEFAULT_REGION` counts too, since the AWS CLI knows it and the SDK does not. `service` is in AWS's words: `LAMBDA`.
 */
export function toClientConfig(env: Env, service: string): ClientConfig {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
  const profile = env.AWS_PROFILE;
  const credentials = toCredentials(env);
  return {
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(profile ? { profile } : {}),
    // A profile beats keys, as in the SDK.
    ...(credentials && !profile ? { credentials } : {}),
  };
}

function toCredentials(env: Env): ClientConfig['credentials'] {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  if (!id || !secret) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, ...(token ? { sessionToken: token } : {}) };
}
