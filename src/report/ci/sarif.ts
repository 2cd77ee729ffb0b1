import { createHash } from 'node:crypto';
import { basename, isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { FindingLevel } from '../../findings.ts';
import { toPosix } from '../../util/path.ts';
import { printableLines } from '../printable.ts';
import { wordFinding } from '../wording.ts';
import { type Judged, sortFindings, subjectOf, type Told } from './judged.ts';

const LEVELS: Readonly<Record<FindingLevel, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export interface SarifOptions {
  readonly version: string;
  /** Paths are told from here. */
  readonly cwd: string;
}

/** Findings as SARIF 2.1.0, for code scanning; the place of each is the artifact, and in it the path that it is about. */
export function toSarif(judged: readonly Judged[], { version, cwd }: SarifOptions): string {
  const told = sortFindings(judged);
  const codes = [...new Set(told.map(({ finding }) => finding.code))].sort();
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lambda-slim',
            semanticVersion: version,
            rules: codes.map(code => toRule(code, told)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: told.map((item, i) => toResult(item, codes, told.slice(0, i), cwd)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toRule(code: string, told: readonly Told[]): ReportingDescriptor {
  const words = `${code.charAt(0)}${code.slice(1).toLowerCase().replaceAll('_', ' ')}`;
  const first = told.find(({ finding }) => finding.code === code)?.finding;
  const help = first ? wordFinding(first).hint : words;
  return {
    id: code,
    name: code.toLowerCase().replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: words },
    fullDescription: { text: `${words}: see docs/findings.md of lambda-slim.` },
    help: { text: help },
    defaultConfiguration: { level: first ? LEVELS[first.level] : 'warning' },
  };
}

function toResult(
  { of, finding }: Told,
  codes: readonly string[],
  before: readonly Told[],
  cwd: string,
): Result {
  const { message, hint, lines = [] } = wordFinding(finding);
  const subject = subjectOf(finding);
  return {
    ruleId: finding.code,
    ruleIndex: codes.indexOf(finding.code),
    level: LEVELS[finding.level],
    message: { text: printableLines([message, hint, ...lines].join('\n')) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: of.path === null ? of.name : toUri(of.path, cwd) },
          region: { startLine: 1 },
        },
        logicalLocations: [
          {
            name: of.name,
            fullyQualifiedName: subject === '' ? of.name : `${of.name}/${subject}`,
            kind: 'module',
          },
        ],
      },
    ],
    partialFingerprints: { 'lambdaSlim/v1': fingerprint({ of, finding }, before) },
  };
}

/** The same finding of tomorrow has it, whatever its bytes; of two alike the second has another. */
function fingerprint({ of, finding }: Told, before: readonly Told[]): string {
  const key = (told: Told): string => [told.of.name, told.finding.code, subjectOf(told.finding)].join('\0');
  const own = key({ of, finding });
  const nth = before.filter(told => key(told) === own).length;
  return createHash('sha256').update(`${own}\0${nth}`).digest('hex');
}

/** Relative to the checkout where it lies there, as code scanning wants it. */
function toUri(path: string, cwd: string): string {
  const inside = toPosix(relative(cwd, path));
  if (inside === '') return encodeURIComponent(basename(path));
  if (inside === '..' || inside.startsWith('../') || isAbsolute(inside)) return pathToFileURL(path).href;
  return inside.split('/').map(encodeURIComponent).join('/');
}
