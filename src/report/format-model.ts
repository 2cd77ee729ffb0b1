import type { Finding } from '../findings.ts';
import type { PlannedCall, PublishReport } from '../publish-types.ts';
import type { Removal } from '../types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatFindings } from './format-findings.ts';
import { formatPublished } from './format-publish.ts';
import { formatRemovals } from './format-removals.ts';
import { groupRemovals } from './group-removals.ts';
import { toFindingContent } from './json.ts';
import { formatTable, joinLines } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** A model archive as it is reported. Sizes are bytes. */
export interface ReportedModel {
  readonly name: string;
  readonly artifact: {
    readonly path: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly unpackedBytes: number;
    readonly files: number;
  };
  readonly image: { readonly framework: string; readonly name: string; readonly python: string };
  readonly findings: readonly Finding[];
}

/** What a build would write. Sizes are bytes. */
export interface ReportedModelPlan extends Omit<ReportedModel, 'artifact'> {
  readonly unpackedBytes: number;
  readonly files: number;
  readonly removals: readonly Removal[];
}

/** What an endpoint answered to the sample. */
export interface ReportedAnswer {
  readonly body: Uint8Array;
  readonly contentType: string;
}

/** What a plan of an endpoint says to a person. */
export interface ReportedPlan {
  readonly endpoint: string;
  readonly region: string;
  readonly calls: readonly PlannedCall[];
  readonly notes: readonly string[];
}

const SHOWN_CHARACTERS = 4000;

/** The archives that were made, and what was found in each. */
export function formatModelBuilt(models: readonly ReportedModel[], style: Style): string {
  return joinLines(models.flatMap(model => formatOne(model, style)));
}

function formatOne({ name, artifact, image, findings }: ReportedModel, style: Style): readonly string[] {
  const { path, bytes, unpackedBytes, files } = artifact;
  return [
    `${style.colors.bold(printable(name))}  for ${printable(image.name)}, Python ${image.python}`,
    `  ${formatBytes(bytes)}, unpacked ${formatBytes(unpackedBytes)} in ${formatPlural(files, 'file')}`,
    `  ${printable(path)}`,
    ...formatFindings(findings, style),
  ];
}

/** The same for programs. */
export function toModelContent(models: readonly ReportedModel[]): Readonly<Record<string, unknown>> {
  const contents = models.map(({ name, artifact, image, findings }) => {
    const { path, sha256, bytes, unpackedBytes, files } = artifact;
    const { framework, name: image_, python } = image;
    return {
      function: name,
      target: 'sagemaker',
      artifact: { path, sha256, bytes, unpackedBytes, files },
      framework,
      image: image_,
      python,
      findings: findings.map(toFindingContent),
    };
  });
  return contents.length === 1 && contents[0] ? contents[0] : { functions: contents };
}

/** What a build would write, and everything that would go, by rule; `paths` lists each. */
export function formatModelsPlanned(
  models: readonly ReportedModelPlan[],
  { paths }: { readonly paths: boolean },
  style: Style,
): string {
  const options = { title: 'Would be removed, by rule', most: Number.POSITIVE_INFINITY, paths };
  return joinLines(
    models.flatMap(({ name, image, unpackedBytes, files, removals, findings }) => [
      `${style.colors.bold(printable(name))}  for ${printable(image.name)}, Python ${image.python}`,
      `  unpacked ${formatBytes(unpackedBytes)} in ${formatPlural(files, 'file')}, nothing is written`,
      ...formatRemovals(removals, options, style),
      ...formatFindings(findings, style),
    ]),
  );
}

/** The same for programs. */
export function toModelPlanContent(
  models: readonly ReportedModelPlan[],
  { paths }: { readonly paths: boolean },
): Readonly<Record<string, unknown>> {
  const contents = models.map(({ name, image, unpackedBytes, files, removals, findings }) => ({
    ...{ function: name, target: 'sagemaker', artifact: null, unpackedBytes, files },
    ...{ framework: image.framework, image: image.name, python: image.python },
    removals: groupRemovals(removals).map(({ paths: all, ...group }) =>
      paths ? { ...group, paths: all } : group,
    ),
    findings: findings.map(toFindingContent),
  }));
  return contents.length === 1 && contents[0] ? contents[0] : { functions: contents };
}

/** The calls that publishing would make, in their order. */
export function formatModelPlan({ endpoint, region, calls, notes }: ReportedPlan, style: Style): string {
  const sum =
    calls.length === 0 ? 'nothing to do' : `${formatPlural(calls.length, 'writing call')}, none sent`;
  const rows = calls.map(({ call, target, bytes, detail }, index) => [
    `${index + 1}.`,
    call,
    printable(shortenHash(target)),
    bytes === null ? '' : formatBytes(bytes),
    printable(detail ?? ''),
  ]);
  return joinLines([
    `${style.colors.bold(printable(endpoint))} in ${printable(region)}  ${sum}`,
    ...formatTable(rows, [true, false, false, true, false]),
    ...notes.map(note => `${style.colors.yellow('note')} ${printable(note)}`),
  ]);
}

/** What was sent and made. The hash in the key of an archive is shortened, and nothing is said twice, so that a line stays short. */
export function formatModelPublished(report: PublishReport, style: Style): string {
  const items = report.items.map(({ what, name, detail, where, ...item }) => ({
    ...{ ...item, what, where: null },
    name: shortenHash(what === 'object' ? (where ?? name) : name),
    detail: what === 'object' ? detail : (detail ?? where),
  }));
  return formatPublished({ ...report, items }, style);
}

function shortenHash(text: string): string {
  return text.replace(/[0-9a-f]{64}/g, hash => `${hash.slice(0, 8)}…`);
}

/** What the endpoint said to the sample; what is no text is only measured. */
export function formatAnswer(answer: ReportedAnswer, style: Style): string {
  const { text, bytes, contentType } = toAnswerContent(answer);
  const head = style.colors.bold('answers');
  if (text === null) return `${head} ${formatBytes(bytes)} of ${printable(contentType)}\n`;
  const rest = text.length - SHOWN_CHARACTERS;
  const shown = rest > 0 ? `${text.slice(0, SHOWN_CHARACTERS)}… and ${rest} characters more` : text;
  return `${head} ${printable(shown)}\n`;
}

/** The same for programs. */
export function toAnswerContent({ body, contentType }: ReportedAnswer) {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return { contentType, bytes: body.length, text: decoder.decode(body) };
  } catch {
    return { contentType, bytes: body.length, text: null };
  }
}
