import { createHash } from 'node:crypto';
import { SlimError } from '../../errors.ts';
import type { EndpointSettings } from './settings.ts';
import type { ModelArchive, WantedEndpoint } from './types.ts';

/** Marks what lambda-slim made, with the name of the endpoint. */
export const ENDPOINT_TAG = 'lambda-slim:endpoint';

const HASH_DIGITS = 12;
/** What a name leaves for the endpoint's: 63 less the hash and a hyphen. */
const BASE_CHARACTERS = 50;

/** How the PyTorch container finds code; one worker, since a serverless endpoint is to hold one copy of the model. */
const TORCH = {
  SAGEMAKER_PROGRAM: 'inference.py',
  SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
  SAGEMAKER_MODEL_SERVER_WORKERS: '1',
} as const;

/** Key of an archive in the bucket: equal bytes are never sent twice. */
export function modelKeyOf({ sha256 }: Pick<ModelArchive, 'sha256'>): string {
  return `lambda-slim/${sha256}.model.tar.gz`;
}

/**
 * What is to be there. Models and configurations carry a hash of all that they are in their names, so that what changed is made anew
 * and what is there is never changed. Throws `SAGEMAKER_BUCKET_NEEDED`.
 */
export function wantEndpoint(
  archive: ModelArchive,
  settings: EndpointSettings,
  roleArn: string,
  image: string,
): WantedEndpoint {
  const { endpoint, bucket, memoryMiB, maxConcurrency, provisionedConcurrency } = settings;
  if (bucket === null) throw new SlimError('SAGEMAKER_BUCKET_NEEDED', [archive.bytes]);
  const key = modelKeyOf(archive);
  const environment = { ...(archive.framework === 'pytorch' ? TORCH : {}), ...settings.environment };
  const tags = { ...settings.tags, [ENDPOINT_TAG]: endpoint };
  const facts = { roleArn, image, archive: `s3://${bucket}/${key}`, environment };
  const model = { ...facts, name: nameOf(endpoint, facts), tags };
  const sizes = { model: model.name, memoryMiB, maxConcurrency, provisionedConcurrency };
  const config = { ...sizes, name: nameOf(endpoint, sizes), tags };
  return { name: endpoint, key, bucket, model, config };
}

/** True for names that `wantEndpoint` gives. */
export function isOwnName(name: string, endpoint: string): boolean {
  const base = endpoint.slice(0, BASE_CHARACTERS);
  return name.startsWith(`${base}-`) && /^[0-9a-f]{12}$/.test(name.slice(base.length + 1));
}

function nameOf(endpoint: string, facts: object): string {
  const text = JSON.stringify(facts, (_, value: unknown) => (isRecord(value) ? sortKeys(value) : value));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
  return `${endpoint.slice(0, BASE_CHARACTERS)}-${hash}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
