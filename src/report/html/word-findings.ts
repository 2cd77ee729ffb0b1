import { basename } from 'node:path';
import type { Finding, FindingLevel } from '../../findings.ts';
import { printable } from '../printable.ts';
import { FINDING_CODES, wordFinding } from '../wording.ts';
import type { PageFinding } from './page-types.ts';

const ORDER: readonly FindingLevel[] = ['error', 'warning', 'info'];

/** A finding as a manifest has it, which anybody may have written. */
interface LooseFinding {
  readonly code: string;
  readonly level: FindingLevel;
}

/**
 * Findings in the words of the text report, errors first: those of now, and those of the manifest that are not among them.
 * `artifactPath` is told by its name alone, so that a report is the same on every machine.
 */
export function wordFindings(
  found: readonly Finding[],
  remembered: readonly LooseFinding[],
  artifactPath: string,
): readonly PageFinding[] {
  const worded = [...found, ...remembered].flatMap(finding => toWords(finding, artifactPath));
  const each = new Map(worded.map(finding => [`${finding.code} ${finding.message}`, finding]));
  return ORDER.flatMap(level => [...each.values()].filter(finding => finding.level === level));
}

function toWords(finding: LooseFinding, artifactPath: string): readonly PageFinding[] {
  const words = tryWords(finding);
  if (!words) return [];
  const tell = (text: string): string => printable(text.replaceAll(artifactPath, basename(artifactPath)));
  return [
    {
      level: finding.level,
      code: finding.code,
      message: tell(words.message),
      hint: tell(words.hint),
      lines: (words.lines ?? []).map(tell),
    },
  ];
}

/** Facts of a manifest may be of another version, or nonsense, for which there are no words. */
function tryWords(finding: LooseFinding): ReturnType<typeof wordFinding> | null {
  if (!FINDING_CODES.some(code => code === finding.code)) return null;
  try {
    return wordFinding(finding as Finding);
  } catch {
    return null;
  }
}
