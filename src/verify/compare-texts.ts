import { joinPlace, type Mismatch } from './mismatch.ts';

/** A way to take a text apart, so that nothing of it is lost. */
interface Cut {
  readonly name: string;
  readonly split: (text: string) => readonly string[];
}

const CUTS: readonly Cut[] = [
  { name: 'lines', split: text => (text === '' ? [] : text.split('\n')) },
  { name: 'words', split: text => text.match(/\s+|[^\s<>]+|[<>]/g) ?? [] },
];

const HAS_PIECES = /[\s<>]/;

/** Pieces that differ, above which two texts are just different. */
const MOST_PIECES = 200;

/**
 * The lines and words in which two texts differ, so that a time in a page hides nothing else: `body.lines.3.words.2`. Each knows
 * the whole text that it is a piece of.
 */
export function compareTexts(expected: string, actual: string, at: string): readonly Mismatch[] {
  const whole = { at, expected, actual };
  if (![expected, actual].every(text => HAS_PIECES.test(text))) return expected === actual ? [] : [whole];
  const pieces = comparePieces(whole, CUTS);
  if (pieces.length > MOST_PIECES) return [whole];
  return pieces.map(piece => ({ ...piece, whole }));
}

interface Texts {
  readonly at: string;
  readonly expected: string;
  readonly actual: string;
}

function comparePieces(whole: Texts, [cut, ...finer]: readonly Cut[]): readonly Mismatch[] {
  if (whole.expected === whole.actual) return [];
  if (!cut) return [whole];
  const [a, b] = [cut.split(whole.expected), cut.split(whole.actual)];
  if (a.length < 2 && b.length < 2) return comparePieces(whole, finer);
  const at = joinPlace(whole.at, cut.name);
  const common = a
    .slice(0, b.length)
    .flatMap((expected, index) =>
      comparePieces({ at: joinPlace(at, index), expected, actual: b[index] as string }, finer),
    );
  return a.length === b.length ? common : [toLength(at, a, b), ...common];
}

/** Nothing is told apart from a length by its kind. */
export function toLength(at: string, expected: readonly unknown[], actual: readonly unknown[]): Mismatch {
  const [a, b] = [expected.length || [], actual.length || []];
  return { at: joinPlace(at, 'length'), expected: a, actual: b };
}
