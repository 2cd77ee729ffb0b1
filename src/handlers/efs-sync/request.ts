/** What the function is asked for. `look` and `status` change nothing. */
export type Request =
  | { readonly action: 'look'; readonly folder: string }
  | { readonly action: 'status'; readonly folder: string; readonly run: string }
  | SyncRequest;

/** A release that is to be brought to a folder; `round` counts the invocations of one run from 1. */
export interface SyncRequest {
  readonly action: 'sync';
  readonly bucket: string;
  /** Of the bundle's keys, without a slash at its end. */
  readonly prefix: string;
  readonly release: string;
  /** As this function sees it: `/mnt/ml/classify`. */
  readonly folder: string;
  readonly keep: number;
  readonly protect: readonly string[];
  readonly run: string;
  readonly round: number;
  /** What the round before had reached, bytes. */
  readonly reached: number;
}

type Members = Readonly<Record<string, unknown>>;

const FOLDER = /^\/mnt\/[\w.-]+(?:\/[\w.-]+)+$/;
const RELEASE = /^[0-9a-f]{64}$/;
const RUN = /^[\w-]{1,64}$/;

/** Checks an event; what is wrong with it is an error of the invocation. Without an `action` it is a sync. */
export function readRequest(event: unknown): Request {
  if (typeof event !== 'object' || event === null) throw new TypeError('The event has to be a JSON object.');
  const members: Members = { ...event };
  const { action = 'sync' } = members;
  const folder = readText(members, 'folder', FOLDER);
  if (folder.split('/').some(part => part === '.' || part === '..'))
    throw new TypeError('"folder" may not lead elsewhere.');
  if (action === 'look') return { action, folder };
  const run = readText(members, 'run', RUN);
  if (action === 'status') return { action, folder, run };
  if (action !== 'sync') throw new TypeError('"action" has to be look, status or sync.');
  return {
    ...{ action, folder, run },
    bucket: readText(members, 'bucket', /./),
    prefix: readText(members, 'prefix', /^(?!\/).*(?<!\/)$/),
    release: readText(members, 'release', RELEASE),
    keep: readNumber(members, 'keep', 3),
    protect: readList(members.protect),
    round: readNumber(members, 'round', 1),
    reached: readNumber(members, 'reached', -1),
  };
}

function readText(members: Members, name: string, pattern: RegExp): string {
  const value = members[name];
  if (typeof value !== 'string' || !pattern.test(value))
    throw new TypeError(`"${name}" is missing or not of its form (${pattern.source}).`);
  return value;
}

function readNumber(members: Members, name: string, otherwise: number): number {
  const { [name]: value = otherwise } = members;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError(`"${name}" is no number.`);
  return value;
}

function readList(value: unknown = []): readonly string[] {
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string' && RELEASE.test(item)))
    throw new TypeError('"protect" has to be a list of releases.');
  return value as readonly string[];
}
