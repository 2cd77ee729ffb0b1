import type { SyncDone } from '../bundle/sync/types.ts';
import { formatBytes, formatCount, formatPlural } from './bytes.ts';
import { joinLines } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** What a sync came to, and how long it took. */
export interface SyncedFacts extends Omit<SyncDone, 'state' | 'linkedBytes'> {
  readonly to: string;
  readonly ms: number;
}

export interface VerifiedFacts {
  readonly to: string;
  readonly release: string;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly { readonly path: string; readonly kind: ProblemKind }[];
  readonly isCurrent: boolean;
  readonly isNoted: boolean;
}

type ProblemKind = 'missing' | 'changed' | 'mode' | 'kind' | 'unknown';

const SHOWN_ID = 12;
const MOST_SHOWN = 20;

const PROBLEMS: Readonly<Record<ProblemKind, string>> = {
  missing: 'is missing',
  changed: 'has other content',
  mode: 'has other permissions',
  kind: 'is no file, folder or link of that kind',
  unknown: 'does not belong there',
};

/** What a person wants to know after a sync. */
export function formatSynced(facts: SyncedFacts, { colors }: Style): string {
  const { to, release, name, previous, files, bytes, pruned, repaired } = facts;
  const rows = [
    ['release', `${release.slice(0, SHOWN_ID)}  ${printable(`${to}/releases/${release}`)}`],
    ['files', `${formatPlural(files, 'file')}, ${formatBytes(bytes)}: ${describeWork(facts)}`],
    ...(facts.fetchedBytes > 0 ? [['fetched', `${formatBytes(facts.fetchedBytes)} compressed`]] : []),
    ...(previous === null ? [] : [['before', `${previous.slice(0, SHOWN_ID)}; --rollback leads back to it`]]),
    ...(repaired.length > 0 ? [['mended', listSome(repaired)]] : []),
    ...(pruned.length > 0
      ? [['removed', `${formatPlural(pruned.length, 'older release')}: ${listSome(pruned.map(toShort))}`]]
      : []),
  ];
  const verdict = previous === null && facts.wasThere ? 'was there already' : 'is the current release';
  return joinLines([
    `${colors.bold(printable(name))} ${colors.green(verdict)}, after ${(facts.ms / 1000).toFixed(1)} s`,
    ...rows.map(([title = '', text = '']) => `  ${title.padEnd(8)} ${text}`),
  ]);
}

function describeWork({ wasThere, linkedFiles, writtenFiles, writtenBytes }: SyncedFacts): string {
  if (wasThere) return 'nothing had to be written';
  return `${formatCount(linkedFiles)} shared with other releases, ${formatCount(writtenFiles)} written (${formatBytes(writtenBytes)})`;
}

/** What `--verify` found. */
export function formatVerifiedStore(facts: VerifiedFacts, { colors }: Style): string {
  const { to, release, files, bytes, problems } = facts;
  const what = `${toShort(release)} in ${printable(to)}: ${formatPlural(files, 'file')}, ${formatBytes(bytes)}`;
  if (problems.length === 0) return joinLines([`${what}, ${colors.green('all as they should be')}`]);
  const shown = problems
    .slice(0, MOST_SHOWN)
    .map(({ path, kind }) => `  ${printable(path)} ${PROBLEMS[kind]}`);
  const more = problems.length - shown.length;
  return joinLines([
    `${what}, ${colors.red(formatPlural(problems.length, 'problem'))}`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
    `  ${adviseMending(facts)}`,
  ]);
}

function adviseMending({ release, isCurrent, isNoted }: VerifiedFacts): string {
  if (!isNoted)
    return 'This could not be noted there, so that a sync would not know of it: verify once more as the user that syncs.';
  if (isCurrent) return 'Sync the same bundle again: it writes anew what is wrong, while others read.';
  return `Sync this release again (--release ${toShort(release)}), which writes anew what is wrong, and makes it the current one; then --rollback leads back.`;
}

/** What `--rollback` did. */
export function formatRolledBack(to: string, from: string, release: string): string {
  return joinLines([
    `${printable(to)}/current leads to ${toShort(release)} again, no longer to ${toShort(from)}.`,
  ]);
}

function listSome(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(printable).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function toShort(release: string): string {
  return release.slice(0, SHOWN_ID);
}
