import type { PlannedCall, PublishedItem, PublishPlan, PublishReport } from '../publish-types.ts';
import { formatBytes, formatPlural } from './bytes.ts';
import { formatTable, joinLines } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** What was sent, made and left as it was, and where it answers now. */
export function formatPublished(report: PublishReport, style: Style): string {
  const { functionName, region, items, urls, notes, sentBytes, answer = null } = report;
  const changed = items.filter(({ outcome }) => outcome !== 'unchanged' && outcome !== 'reused');
  const sum =
    changed.length === 0
      ? style.colors.green('up to date, nothing sent')
      : `${formatPlural(changed.length, 'change')}, ${formatBytes(sentBytes)} sent`;
  return joinLines([
    `${style.colors.bold(printable(functionName))} in ${printable(region)}  ${sum}`,
    ...formatTable(items.map(toRow), [false, false, false, true, false, false]),
    ...notes.map(note => `${style.colors.yellow('note')} ${printable(note)}`),
    ...urls.map(url => `${style.colors.bold('answers at')} ${printable(url)}`),
    ...(answer === null ? [] : [`${style.colors.bold('the sample was answered')} ${printable(answer)}`]),
  ]);
}

function toRow({ outcome, what, name, bytes, detail, where }: PublishedItem): readonly string[] {
  return [
    outcome,
    what,
    printable(name),
    bytes === null ? '' : formatBytes(bytes),
    ...[detail, where].map(text => printable(text ?? '')),
  ];
}

/** The calls that publishing would make, in their order. */
export function formatDryRun(plan: PublishPlan, calls: readonly PlannedCall[], style: Style): string {
  const { settings, region, notes } = plan;
  const sum =
    calls.length === 0 ? 'nothing to do' : `${formatPlural(calls.length, 'writing call')}, none sent`;
  return joinLines([
    `${style.colors.bold(printable(settings.functionName))} in ${printable(region)}  ${sum}`,
    ...formatTable(calls.map(toCallRow), [true, false, false, true, false]),
    ...notes.map(note => `${style.colors.yellow('note')} ${printable(note)}`),
  ]);
}

function toCallRow({ call, target, bytes, detail }: PlannedCall, index: number): readonly string[] {
  return [
    `${index + 1}.`,
    call,
    printable(target),
    bytes === null ? '' : formatBytes(bytes),
    printable(detail ?? ''),
  ];
}

/** One line for an alias that was moved back, or would be. */
export function formatRollback(
  functionName: string,
  { name, detail }: PublishedItem,
  isMoved: boolean,
  style: Style,
): string {
  const words = isMoved ? 'rolled back' : 'not moved, it would be rolled back';
  return `${style.colors.bold(printable(`${functionName}:${name}`))}  ${words}: ${printable(detail ?? '')}\n`;
}
