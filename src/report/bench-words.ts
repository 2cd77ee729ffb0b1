import type { BenchComparison, BenchMetric, BenchReport, BenchSeries } from '../cold-start/types.ts';
import type { Isolation } from '../lambda/types.ts';
import { formatPlural } from './bytes.ts';

const METRICS: Readonly<Record<BenchMetric, string>> = {
  start: 'init + first invocation',
  init: 'init',
  first: 'first invocation',
  warm: 'warm invocation',
};

/** What was done: `10 cold starts each, 20 warm invocations after each`. */
export function describePlan({ rounds, warm, events }: BenchReport): string {
  const turns = events.length > 1 ? `, ${events.length} events in turns` : '';
  return `${formatPlural(rounds, 'start')} each, ${formatPlural(warm, 'warm invocation')} after each${turns}`;
}

/** The machine, in one line. */
export function describeHost({ host }: BenchReport): string {
  return `${host.cpu}, ${formatPlural(host.cores, 'core')}, load ${host.load.toFixed(1)}; ${host.os}; lambda-slim ran on Node.js ${host.node}`;
}

/** How the functions were kept apart from the machine, once for all that have it in common. */
export function describeIsolations({ series }: BenchReport): readonly string[] {
  const words = series.flatMap(({ subject }) => (subject.isolation ? [describe(subject.isolation)] : []));
  return [...new Set(words)];
}

const KINDS: Readonly<Record<Isolation['kind'], string>> = {
  namespace: 'namespaces',
  'user-namespace': 'user namespaces',
  container: 'a container',
  process: 'a process',
};

function describe({ kind, memory, tmp, interpreter, exactInterpreter }: Isolation): string {
  const held = { cgroup: 'held by the kernel', polled: 'looked at', none: 'not limited' }[memory];
  const size = tmp === 'folder' ? '/tmp a folder' : `/tmp of its size (${tmp})`;
  const other = exactInterpreter ? '' : " (not the runtime's own version)";
  return `${interpreter}${other} in ${KINDS[kind]}, memory ${held}, ${size}`;
}

/** `init 0.82x: faster`; what may be chance is called so. */
export function describeComparison({
  metric,
  ratio,
  p,
  verdict,
}: BenchComparison): readonly [string, string, string] {
  const words = {
    faster: `faster (p = ${formatP(p)})`,
    slower: `slower (p = ${formatP(p)})`,
    noise: `inside the noise (p = ${formatP(p)})`,
    'too-few': 'too few starts to tell it from noise',
  }[verdict];
  return [METRICS[metric], `${ratio.toFixed(2)}x`, words];
}

function formatP(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p.toFixed(4);
}

/** Every failed series in words; there are no ratios for them. */
export function describeFailures({ series }: BenchReport): readonly string[] {
  return series.flatMap(one => {
    const [first] = one.failures;
    if (!first) return [];
    const tried = one.starts.length + one.failures.length;
    const cache = one.cache ? `, page cache ${one.cache}` : '';
    const what = `${one.subject.name}${cache}: ${one.failures.length} of ${formatPlural(tried, 'start')} failed`;
    return [
      `${what}, first in round ${first.round}, invocation ${first.invocation}: ${first.errorType}: ${first.errorMessage.split('\n', 1)[0]}`,
    ];
  });
}

/** What a reader has to know before believing the figures. */
export function listNotes(report: BenchReport): readonly string[] {
  const { host, pageCache } = report;
  const isBusy = report.where === 'local' && host.load > host.cores;
  return [
    ...(pageCache.kind === 'not-permitted' ? [`Not measured from disk: ${pageCache.reason}.`] : []),
    ...(pageCache.kind === 'dropped' ? [describeDrop(pageCache.what)] : []),
    ...report.series.flatMap(noteDisk),
    ...(isBusy
      ? [
          `The machine was busy (load ${host.load.toFixed(1)} on ${formatPlural(host.cores, 'core')}): times are longer and noisier than on an idle one.`,
        ]
      : []),
    ...(report.where === 'aws' ? noteInits(report) : []),
  ];
}

function describeDrop(what: 'all' | 'files'): string {
  return what === 'all'
    ? 'Before each start from disk the whole page cache of this machine was dropped, the interpreter with it.'
    : "Before each start from disk the artifact's own files were dropped from the page cache; the interpreter stayed in it.";
}

/** Dropping has no effect on files that live in memory. */
function noteDisk({ subject, cache, summary }: BenchSeries): readonly string[] {
  if (cache !== 'cold' || summary.readBytes !== 0) return [];
  return [
    `${subject.name}: nothing was read from the disk, so these starts are no colder than the others. Its files may lie in memory (tmpfs).`,
  ];
}

function noteInits({ series }: BenchReport): readonly string[] {
  const notes = series
    .filter(({ starts, summary }) => summary.inits < starts.length)
    .map(
      ({ subject, starts, summary }) =>
        `${subject.name}: ${summary.inits} of ${formatPlural(starts.length, 'start')} had an init; the others met an environment that was there, warm or provisioned. With --force-cold, others call it too, or the change had no effect.`,
    );
  const provisioned =
    'AWS also reports the init of a provisioned environment, once, although no caller waited for it; the round trip tells what the caller waited, the network included.';
  return [...notes, provisioned];
}
