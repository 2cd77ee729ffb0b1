import { SlimError } from '../../../errors.ts';
import type { Platform } from '../../../types.ts';
import { compareCodeUnits } from '../../../util/path.ts';
import { nameTarget, pythonTag } from './target-tags.ts';

/** What stands in the way of an installation, as far as the words of pip or uv tell. */
export type Failure =
  /** No wheel fits, or nothing of that name and version is there at all. */
  | { readonly kind: 'missing'; readonly requirement: string }
  /** No wheel fits, says uv, which also tells the tags that there are. */
  | {
      readonly kind: 'no wheel';
      readonly name: string;
      /** With the version, where uv names one. */
      readonly requirement: string;
      readonly tags: readonly string[];
    }
  | { readonly kind: 'hash' | 'conflict' | 'broken' | 'other' };

const HASH =
  /DO NOT MATCH THE HASHES|Hash-checking is required|Hash mismatch for|Hashes are required in|must have their versions pinned with ==|In `--require-hashes` mode/;
const CONFLICT = /ResolutionImpossible|conflicting dependencies|requested .* but |No solution found/;
const BROKEN =
  /Wheel '.*' located at .* is invalid|has an invalid wheel|BadZipFile|has an invalid package format|Failed to read from zip|not a zip file|trying to install outside target/;
const UNREACHED =
  /Retrying \(Retry|Failed to fetch|error sending request|Could not fetch URL|Network connectivity is disabled/;

/** Reads the words of pip or uv. */
export function readFailure(output: string): Failure {
  if (HASH.test(output)) return { kind: 'hash' };
  if (BROKEN.test(output)) return { kind: 'broken' };
  const missing = /No matching distribution found for (.+?)(?: \(from .*)?$/m.exec(output)?.[1];
  if (missing !== undefined)
    return UNREACHED.test(output) ? { kind: 'other' } : { kind: 'missing', requirement: missing };
  return readUvFailure(output) ?? (CONFLICT.test(output) ? { kind: 'conflict' } : { kind: 'other' });
}

function readUvFailure(output: string): Failure | null {
  const flat = output.replace(/\s+/g, ' ');
  const wheel =
    /Wheels are required for `([^`]+)`/.exec(flat)?.[1] ??
    /\b([\w.-]+)(?:==\S+)? has no (?:usable wheels|wheels with a matching)/.exec(flat)?.[1];
  if (wheel !== undefined) {
    const hint = /hint: (?:Wheels are available|You require|You're on).*$/.exec(flat)?.[0] ?? '';
    const tags = [...hint.matchAll(/`([\w.]+)`/g)].flatMap(([, tag = '']) => (tag === wheel ? [] : tag));
    const pinned = /\b(\S+==\S+) has no (?:usable wheels|wheels with)/.exec(flat)?.[1];
    const requirement = pinned?.startsWith(`${wheel}==`) ? pinned : wheel;
    return { kind: 'no wheel', name: wheel, requirement, tags };
  }
  const absent =
    /([\w.-]+) was not found in the (?:package registry|provided package locations)/.exec(flat)?.[1] ??
    /there (?:is|are) no versions? of ([^\s,]+)/.exec(flat)?.[1];
  return absent === undefined ? null : { kind: 'missing', requirement: absent };
}

/** The error for a failure that nothing can be done about; `tool` is who said so. */
export function explainFailure(
  failure: Failure,
  output: string,
  tool: string,
  platform: Platform,
): SlimError {
  const words = essence(output);
  switch (failure.kind) {
    case 'hash':
      return new SlimError('HASH_MISMATCH', [words]);
    case 'conflict':
      return new SlimError('REQUIREMENTS_CONFLICT', [words]);
    case 'broken':
      return new SlimError('WHEEL_BROKEN', [words]);
    case 'missing':
      return new SlimError('REQUIREMENT_MISSING', [failure.requirement, words]);
    case 'no wheel':
      return missingWheel(failure.requirement, failure.tags, platform);
    default:
      return new SlimError('PYTHON_INSTALL_FAILED', [tool, words]);
  }
}

/** Tags that a message names. */
const SHOWN_TAGS = 12;

/** The error for a package without a wheel that fits; of the tags that there are the nearest come first. */
export function missingWheel(requirement: string, tags: readonly string[], platform: Platform): SlimError {
  const distance = (tag: string): number =>
    tag.startsWith(pythonTag(platform)) ? 0 : tag.includes('linux') ? 1 : 2;
  const minor = (tag: string): number => Number(/^[a-z]+3(\d+)/.exec(tag)?.[1] ?? 0);
  const nearest = [...tags].sort(
    (a, b) => distance(a) - distance(b) || minor(b) - minor(a) || compareCodeUnits(a, b),
  );
  const more = tags.length > SHOWN_TAGS ? [`${tags.length - SHOWN_TAGS} more`] : [];
  return new SlimError('WHEEL_MISSING', [
    requirement,
    nameTarget(platform),
    [...nearest.slice(0, SHOWN_TAGS), ...more],
  ]);
}

/** Lines of a failure that a message repeats. */
const SHOWN_LINES = 16;

/** What a tool says is wrong, without what it was doing before, and without the passwords of indexes. */
export function essence(output: string): string {
  const lines = output.replace(/(:\/\/)[^/\s@]*@/g, '$1****@').split('\n');
  const first = lines.findIndex(line => /^\s*(?:ERROR|error|×)\b|^\s*×|^ERROR:|^error:/.test(line));
  const told = lines.slice(Math.max(0, first)).filter(line => line.trim() !== '' && !/\[notice\]/.test(line));
  return told.length <= SHOWN_LINES
    ? told.join('\n')
    : [...told.slice(0, SHOWN_LINES / 2), '…', ...told.slice(-SHOWN_LINES / 2)].join('\n');
}
