import { z } from 'zod';
import type { Engine, EngineName, EnginePlace } from './types.ts';

/** What `docker info` and `finch info` tell. */
const dockerInfo = z.object({
  OperatingSystem: z.string().default(''),
  SecurityOptions: z.array(z.string()).nullish(),
  ServerErrors: z.array(z.string()).nullish(),
});

/** What `podman info` tells. */
const podmanInfo = z.object({
  host: z.object({
    serviceIsRemote: z.boolean().default(false),
    security: z.object({ rootless: z.boolean().default(false) }).default({ rootless: false }),
  }),
});

export interface EngineFacts extends Pick<Engine, 'place' | 'rootless'> {
  /** Why the engine does not answer, though its program does; null where it does. */
  readonly failure: string | null;
}

/**
 * Reads the JSON of `info`. `endpoint` is where the program looks for its engine, such as `unix:///var/run/docker.sock`; null
 * where it does not tell. `platform` is the one of this machine.
 */
export function describeEngine(
  name: EngineName,
  info: string,
  endpoint: string | null,
  platform: NodeJS.Platform,
): EngineFacts {
  if (name === 'podman') {
    const { host } = podmanInfo.parse(JSON.parse(info));
    const isMachine = platform !== 'linux';
    const far: EnginePlace = { kind: 'far', endpoint: endpoint ?? 'another machine', host: hostOf(endpoint) };
    const machine: EnginePlace = { kind: 'machine', host: 'host.containers.internal' };
    const place: EnginePlace = isMachine ? machine : host.serviceIsRemote ? far : { kind: 'here' };
    return { place, rootless: host.security.rootless, failure: null };
  }
  const { OperatingSystem: system, SecurityOptions, ServerErrors } = dockerInfo.parse(JSON.parse(info));
  return {
    place: placeOf(endpoint, system, platform),
    rootless: (SecurityOptions ?? []).some(option => option.includes('name=rootless')),
    failure: ServerErrors?.[0] ?? null,
  };
}

function placeOf(endpoint: string | null, system: string, platform: NodeJS.Platform): EnginePlace {
  const host = hostOf(endpoint);
  const isLocal = endpoint === null || /^(?:unix|npipe):/.test(endpoint) || isLoopback(host);
  if (!isLocal)
    return { kind: 'far', endpoint: endpoint ?? '', host: /^ssh:/.test(endpoint ?? '') ? null : host };
  const isMachine = platform !== 'linux' || /docker desktop/i.test(system);
  return isMachine ? { kind: 'machine', host: 'host.docker.internal' } : { kind: 'here' };
}

function hostOf(endpoint: string | null): string | null {
  if (endpoint === null || !URL.canParse(endpoint)) return null;
  return new URL(endpoint.replace(/^tcp:/, 'http:')).hostname.replace(/^\[|\]$/g, '') || null;
}

function isLoopback(host: string | null): boolean {
  return host !== null && /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);
}
