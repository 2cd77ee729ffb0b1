import imported from 'junit-report-builder';
import { printable, printableLines } from '../printable.ts';
import { wordFinding } from '../wording.ts';
import { type Judged, sortFindings, subjectOf } from './judged.ts';

/** Node gives the builder itself, where the library's types speak of its build for bundlers. */
const junit = imported as unknown as typeof imported.default;

/** Findings as JUnit's XML: a suite a function, errors are failures, the others pass and say what they have to say. */
export function toJunit(judged: readonly Judged[]): string {
  const builder = junit.newBuilder();
  for (const one of judged) {
    const suite = builder.testSuite().name(xmlText(`lambda-slim ${one.name}`));
    const seen = new Map<string, number>();
    for (const { finding } of sortFindings([one])) {
      const { message, hint, lines = [] } = wordFinding(finding);
      const name = xmlText([finding.code, subjectOf(finding)].filter(part => part !== '').join(' '));
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      const test = suite
        .testCase()
        .className(xmlText(one.name))
        .name(nth === 1 ? name : `${name} (${nth})`);
      const text = xmlLines([message, hint, ...lines].join('\n'));
      if (finding.level === 'error') test.failure(xmlText(message), finding.code).stacktrace(text);
      else test.standardOutput(`${finding.level}: ${text}`);
    }
    if (!one.findings.some(({ level }) => level === 'error'))
      suite.testCase().className(xmlText(one.name)).name('no finding of level error');
  }
  return `${builder.build().trimEnd()}\n`;
}

/** XML 1.0 has no place for control characters, halves of surrogate pairs, U+FFFE and U+FFFF, escaped or not. */
function xmlText(text: string): string {
  return printable(text).replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}

function xmlLines(text: string): string {
  return printableLines(text).replace(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd');
}
