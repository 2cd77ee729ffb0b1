import { isSha256 } from './model-spec.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where the model is: in a folder that is mounted or packaged, or behind an address. */
export type ModelSource =
  | { readonly kind: 'folder'; readonly dir: string }
  /** `base` ends in a slash; `sha256` is that of model.json, which carries the one of the model. */
  | { readonly kind: 'remote'; readonly base: URL; readonly sha256: string | null };

/** Reads MODEL_DIR, MODEL_URL and MODEL_SHA256; without them the model is the packaged one. */
export function findModelSource(env: Env, packagedDir: string): ModelSource {
  const { MODEL_DIR: dir, MODEL_URL: url, MODEL_SHA256: sha256 } = env;
  if (dir && url) throw new Error('MODEL_DIR and MODEL_URL are both set; set one of them.');
  if (url) return parseRemote(url, sha256 || null);
  return { kind: 'folder', dir: dir || packagedDir };
}

function parseRemote(url: string, sha256: string | null): ModelSource {
  const base = URL.canParse(url) ? new URL(url.endsWith('/') ? url : `${url}/`) : null;
  if (!base || !['s3:', 'https:'].includes(base.protocol) || !base.hostname) {
    throw new Error(
      'MODEL_URL has to be s3://bucket/prefix/ or https://host/path/, the folder of model.json.',
    );
  }
  if (base.search || base.hash) throw new Error('MODEL_URL is a folder; it has no query and no fragment.');
  if (sha256 !== null && !isSha256(sha256))
    throw new Error('MODEL_SHA256 has to be 64 lower-case hex digits.');
  if (base.protocol === 'https:' && sha256 === null) {
    throw new Error('MODEL_URL with https needs MODEL_SHA256, the sha256 of its model.json.');
  }
  return { kind: 'remote', base, sha256 };
}
