import type { UrlSettings } from '../aws/types.ts';
import { SlimError } from '../errors.ts';
import type {
  HttpApiSettings,
  LayerSettings,
  PublishConfig,
  PublishSettings,
  PublishWishes,
} from '../publish-types.ts';
import type { Arch } from '../types.ts';
import { type EfsSubject, resolveEfs } from './efs/resolve-efs.ts';
import { findProblems } from './find-problems.ts';

/** What the artifact is, by its manifest or the command line. */
export interface PublishSubject {
  readonly handler: string;
  readonly runtime: string;
  readonly arch: Arch;
  readonly environment: Readonly<Record<string, string>>;
  readonly wishes: PublishWishes;
  /** What lies beside the artifact for a file system. */
  readonly efs?: EfsSubject | null;
}

/** What only the command line says, since each of it is meant for one run. */
export interface PublishFlags {
  readonly createRole: boolean;
  readonly weight: number | null;
  readonly keep: number | null;
  /** Whether the whole world may call the function URL. */
  readonly isPublic: boolean;
}

const ROUTES = ['GET /predict', 'POST /predict'];

/**
 * What the function is to be. Throws `PUBLISH_NAME_MISSING`, `URL_NEEDS_PUBLIC`, and `PUBLISH_SETTING` with all that AWS would refuse,
 * before it is asked anything.
 */
export function resolveSettings(subject: PublishSubject, flags: PublishFlags): PublishSettings {
  const { config, memoryMiB, timeoutSeconds, tmpMiB } = subject.wishes;
  if (config.functionName === undefined) throw new SlimError('PUBLISH_NAME_MISSING', []);
  const { handler, runtime, arch, environment } = subject;
  const efs = config.target === 'efs' ? resolveEfs(config, config.functionName, subject.efs ?? null) : null;
  const settings: PublishSettings = {
    functionName: config.functionName,
    target: config.target ?? 'zip',
    handler,
    runtime,
    arch,
    environment: { ...environment, ...efs?.environment },
    memoryMiB,
    timeoutSeconds,
    tmpMiB,
    description: config.description ?? null,
    tags: config.tags ?? {},
    vpc: config.vpc ?? null,
    role: config.role ?? null,
    createRole: flags.createRole,
    layers: toLayers(config.layers),
    bucket: config.bucket ?? null,
    storage: config.storage ?? 'copy',
    release: {
      version: config.version ?? false,
      alias: config.alias ?? null,
      weight: flags.weight,
      provisionedConcurrency: config.provisionedConcurrency ?? null,
    },
    front: { url: toUrl(config.url, flags.isPublic), httpApi: toHttpApi(config.httpApi) },
    keep: flags.keep,
    efs: efs?.settings ?? null,
  };
  const problems = findProblems(settings);
  if (problems.length > 0) throw new SlimError('PUBLISH_SETTING', [problems]);
  return settings;
}

function toUrl(config: PublishConfig['url'], isPublic: boolean): UrlSettings | null {
  if (config === undefined || config === false) return null;
  const options = config === true ? {} : config;
  if (options.auth === 'none' && !isPublic) throw new SlimError('URL_NEEDS_PUBLIC', []);
  return { auth: isPublic ? 'none' : 'iam', mode: options.mode ?? 'buffer', cors: options.cors ?? null };
}

function toHttpApi(config: PublishConfig['httpApi']): HttpApiSettings | null {
  if (config === undefined || config === false) return null;
  const options = config === true ? {} : config;
  return { routes: options.routes ?? ROUTES, cors: options.cors ?? null };
}

function toLayers({
  files = [],
  environment = {},
  attach = [],
}: PublishConfig['layers'] = {}): LayerSettings {
  return { files, environment, attach };
}
