import type { ConfigChange, Difference, Finding, VerifyFinding } from '../findings.ts';
import { formatPlural } from './bytes.ts';
import type { Wording } from './wording.ts';

type Code = Exclude<VerifyFinding['code'], 'FALLBACK_USED' | `EXACT_${string}`>;
type FindingOf<C extends Code> = Extract<Finding, { readonly code: C }>;

/** What running the original and the slim function has to say, by code. */
export const VERIFY_WORDINGS: { readonly [C in Code]: (finding: FindingOf<C>) => Wording } = {
  VERIFY_DIFFERS: ({ event, start, differences, count }) => ({
    message: `The slim function answers the event ${event} differently than the original (${start} start)${count > differences.length ? `, at ${count} places` : ''}: ${differences.map(formatDifference).join('; ')}.`,
    hint: 'If a difference does not matter, allow it: "verify": { "tolerance": …, "ignore": ["<place>"] }, or --tolerance and --ignore. Else see below who is to blame; where answers were recorded, only --original can tell.',
  }),
  VERIFY_FAILED: ({ event, errorType, message }) => ({
    message: `The slim function fails${event === null ? ' before it sees an event' : ` on the event ${event}`}, and the original does not: ${errorType}: ${endSentence(message)}`,
    hint: 'See below who is to blame; where answers were recorded, only --original can tell. Run it by hand with `lambda-slim invoke`, which shows its log.',
  }),
  VERIFY_BLAME: wordBlame,
  VERIFY_UNEXPLAINED: ({ reason, hint }) => ({
    message: `What differs was not traced to files that were taken out or changed. ${reason}.`,
    hint,
  }),
  VERIFY_ORIGINAL_FAILS: ({ event, errorType, message }) => ({
    message: `The original function fails${event === null ? ', whatever the event' : ` on the event ${event}`}: ${errorType}: ${endSentence(message)} A failure that both share proves little.`,
    hint: 'Mend the event, or set what the function needs: "environment" or --env, --memory, --timeout, --layer, --runtime-packages. If the failure is what the event is for, all is well.',
  }),
  VERIFY_NO_EVENTS: ({ natives }) => ({
    message: `There are no events, so this was all that was verified: the function starts, its handler is found${natives > 0 ? `, and it loads ${natives === 1 ? 'the native file' : `all ${natives} native files`} that the original loads` : ''}.`,
    hint: 'Put events as JSON files into events/, or name them with --events or "verify": { "events": […] }.',
  }),
  VERIFY_NOT_RUN: ({ reason }) => ({
    message: `Not all was verified: ${endSentence(reason)}`,
    hint: 'What was not run is not proven. `lambda-slim verify` does it again when that is mended.',
  }),
  VERIFY_NATIVE_MISSING: ({ paths, level }) => ({
    message: `The original loads ${formatPlural(paths.length, 'native file')} that the slim function does not: ${list(paths)}.${level === 'warning' ? ' All answers are the same, though.' : ''}`,
    hint:
      level === 'warning'
        ? 'Most often a faster build of a library is missing, and another one took its place. An event that needs it would tell.'
        : 'Keep these files with "keep"; or give events, which tell whether they are needed.',
  }),
  VERIFY_VOLATILE: ({ event, level, places }) => ({
    message: `The original itself answers the event ${event} differently each time, so ${places.length === 1 ? 'this place was' : 'these places were'} not compared: ${list(places.map(at => at || 'the whole answer'))}.`,
    hint:
      level === 'warning'
        ? 'So this event proves little: let the answer be the same each time, or have more than that in it.'
        : 'Times, ids and random numbers do that. To be told no more, name them in "verify": { "ignore": […] }.',
  }),
};

/** A change of the config as the line to write: `"keep": ["a", "b"]`. */
export function formatChange(change: ConfigChange): string {
  const value = 'add' in change ? formatList(change.add) : String(change.set);
  const keys = change.setting.split('.');
  const [last = '', ...above] = keys.reverse();
  return above.reduce((line, key) => `"${key}": { ${line} }`, `"${last}": ${value}`);
}

function wordBlame({ rule, why, paths, count, isMinimal, mend }: FindingOf<'VERIFY_BLAME'>): Wording {
  const who =
    why === ''
      ? `${rule === '.' ? 'The artifact' : rule} lacks or has changed what it needs`
      : `The rule ${rule} is to blame (${why})`;
  const these = count === 1 ? 'this file mends it' : `these ${formatPlural(count, 'file')} mend it`;
  const more = count > paths.length ? ` and ${count - paths.length} more` : '';
  const doubt = isMinimal ? '' : ' The search was ended before it was sure that each of them is needed.';
  return {
    message: `${who}: putting back ${these}: ${paths.join(', ')}${more}.${doubt}`,
    hint: hintOnMend(mend, why),
  };
}

function hintOnMend(mend: ConfigChange | null, why: string): string {
  if (mend === null) return 'The "exclude" of the config took them out: make its patterns narrower.';
  if (why === '') return `Leave these files in; in a config of lambda-slim ${formatChange(mend)} does that.`;
  return `Add ${formatChange(mend)} to the config, or let \`lambda-slim verify --auto-keep\` do it.`;
}

function formatDifference({ at, expected, actual }: Difference): string {
  return `${at || 'the answer'}: expected ${expected}, found ${actual}`;
}

function formatList(values: readonly string[]): string {
  return `[${values.map(value => JSON.stringify(value)).join(', ')}]`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What programs say of themselves often has no full stop. */
function endSentence(text: string): string {
  return /[.!?]\s*$/.test(text) ? text : `${text}.`;
}
