import { parseReportLine } from '../../lambda/report-line.ts';

const MIB = 1024 * 1024;

/** What Lambda reports of one invocation. Times in ms, memory in bytes; `initMs` is null for a warm start. */
export interface TailReport {
  readonly durationMs: number;
  readonly initMs: number | null;
  readonly maxMemoryBytes: number | null;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Finds the report in the end of a log, base64, as Invoke gives it with `LogType: Tail`: the last REPORT line, or the last
 * `platform.report` of a function that logs JSON. Null where there is none.
 */
export function readTailReport(logResult: string): TailReport | null {
  const log = Buffer.from(logResult, 'base64').toString();
  const facts = parseReportLine(log);
  // A snapshot that is restored takes the place of an init.
  const found = facts && toReport(facts.durationMs, facts.initMs ?? facts.restoreMs, facts.maxMemoryMiB);
  // A function that logs JSON may print a line that begins with REPORT, too.
  return found ?? findPlatformReport(log);
}

/** Fields are those of `ReportMetrics` in AWS's "Lambda Telemetry API Event schema reference". */
function findPlatformReport(log: string): TailReport | null {
  const events = log.split('\n').filter(line => line.startsWith('{'));
  const report = events.map(parseEvent).findLast(event => event?.type === 'platform.report');
  const metrics = (report?.record as Json | undefined)?.metrics as Json | undefined;
  if (!metrics) return null;
  return toReport(
    metrics.durationMs,
    metrics.initDurationMs ?? metrics.restoreDurationMs,
    metrics.maxMemoryUsedMB,
  );
}

/** The tail may begin in the middle of a line, and the function prints what it likes. */
function parseEvent(line: string): Json | null {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return null;
  }
}

function toReport(duration: unknown, init: unknown, memoryMiB: unknown): TailReport | null {
  const durationMs = toNumber(duration);
  if (durationMs === null) return null;
  const memory = toNumber(memoryMiB);
  return { durationMs, initMs: toNumber(init), maxMemoryBytes: memory === null ? null : memory * MIB };
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
