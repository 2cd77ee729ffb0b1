import { SlimError } from '../../../errors.ts';
import { hideCredentials } from '../../../python/credentials.ts';
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
  | { readonly kind: 'hash' | 'no hash' | 'conflict' | 'broken' | 'unreached' | 'other' };

const HASH = /DO NOT MATCH THE HASHES|Hash mismatch for/;
const NO_HASH =
  /Hash-checking is required|Hashes are required in|must have their versions pinned with ==|In `--require-hashes` mode/;
const CONFLICT = /ResolutionImpossible|conflicting dependencies|requested .* but |No solution found/;

/** What pip (with its tracebacks) and uv say of an archive that is cut short, changed, hostile, or lacks its metadata. */
const BROKEN = new RegExp(
  [
    "Wheel '.*' located at .* is invalid",
    'has an invalid wheel|has an invalid package format|not a zip file|trying to install outside',
    'OSError: RECORD$|`RECORD` file is invalid|\\.dist-info/(?:RECORD|WHEEL|METADATA)`: No such file',
    'Failed to read from zip|Failed to extract archive|Invalid (?:zip|tar) file',
    '^(?:tarfile\\.ReadError|(?:zipfile\\.)?BadZipFile|zlib\\.error|gzip\\.BadGzipFile|EOFError)',
    '^UnicodeDecodeError',
    "^TypeError: expected string or bytes-like object, got 'NoneType'",
    "^pip\\S*\\.BadMetadata|Missing 'Version:' header",
  ].join('|'),
  'm',
);
const UNREACHED =
  /Retrying \(Retry|Failed to fetch|error sending request|Could not fetch URL|Network connectivity is disabled|Max retries exceeded|HTTP error \d|git clone .* did not run|[Gg]it operation failed/;

/** Reads the words of pip or uv. */
export function readFailure(output: string): Failure {
  if (HASH.test(output)) return { kind: 'hash' };
  if (NO_HASH.test(output)) return { kind: 'no hash' };
  if (BROKEN.test(output)) return { kind: 'broken' };
  const missing = /No matching distribution found for (.+?)(?: \(from .*)?$/m.exec(output)?.[1];
  if (missing !== undefined)
    return UNREACHED.test(output) ? { kind: 'unreached' } : { kind: 'missing', requirement: missing };
  const told = readUvFailure(output);
  if (told !== null) return told;
  if (CONFLICT.test(output)) return { kind: 'conflict' };
  return { kind: UNREACHED.test(output) ? 'unreached' : 'other' };
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
    case 'no hash':
      return new SlimError('HASHES_INCOMPLETE', [words]);
    case 'conflict':
      return new SlimError('REQUIREMENTS_CONFLICT', [words]);
    case 'broken':
      return new SlimError('WHEEL_BROKEN', [withStep(words, output)]);
    case 'missing':
      return new SlimError('REQUIREMENT_MISSING', [hideCredentials(failure.requirement), words]);
    case 'no wheel':
      return missingWheel(failure.requirement, failure.tags, platform);
    default:
      return new SlimError('PYTHON_INSTALL_FAILED', [tool, words]);
  }
}

/** A traceback does not say of which package it is; what pip was at does. */
function withStep(words: string, output: string): string {
  if (!output.includes('Traceback (most recent call last)')) return words;
  const step = output
    .match(/^\s*(?:Processing|Collecting|Downloading|Installing collected packages:) .*$/gm)
    ?.at(-1);
  return step ? `${hideCredentials(step.trim())}\n${words}` : words;
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

/** What of a chain of exceptions in Python comes before the last one. */
const EARLIER =
  /^[ \t]*Traceback \(most recent call last\):\n(?:(?![ \t]*Traceback).*\n)*?[ \t]*(?:During handling of|The above exception was)[^\n]*\n/gm;
/** Where an exception came from: lines further in than its title. */
const FRAMES = /^([ \t]*)Traceback \(most recent call last\):\n(?:\1[ \t]+.*\n|[ \t]*\n)*/gm;
/** Words of pip that lead nowhere. */
const NOISE =
  /^\s*$|\[notice\]|^ERROR: Exception:$|note: This error originates from|See above for output|^\s*\[end of output\]/;

/** What a tool says is wrong, without what it was doing before, where in its own code, and without the passwords of indexes. */
export function essence(output: string): string {
  const lines = hideCredentials(output).replace(EARLIER, '').replace(FRAMES, '').split('\n');
  const first = lines.findIndex(line => /^\s*(?:ERROR|error|fatal|×)\b|^\s*×|^ERROR:|^error:/.test(line));
  const all = lines.slice(Math.max(0, first)).filter(line => !NOISE.test(line));
  const told = all.filter((line, at) => all.findIndex(each => each.trim() === line.trim()) === at);
  return told.length <= SHOWN_LINES
    ? told.join('\n')
    : [...told.slice(0, SHOWN_LINES / 2), '…', ...told.slice(-SHOWN_LINES / 2)].join('\n');
}
