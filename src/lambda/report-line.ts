import type { InvocationReport } from './types.ts';

/** What a REPORT line tells; a field that it does not have is null. Times in ms, memory in MiB. */
export interface ReportFacts {
  readonly requestId: string;
  readonly durationMs: number | null;
  readonly billedMs: number | null;
  readonly memoryMiB: number | null;
  readonly maxMemoryMiB: number | null;
  readonly initMs: number | null;
  readonly restoreMs: number | null;
  readonly billedRestoreMs: number | null;
  /** Only failures have one. */
  readonly status: string | null;
  readonly errorType: string | null;
}

const MIB = 1024 ** 2;

/** The line that Lambda writes after each invocation. Without a measured peak of memory, that field is left out. */
export function formatReportLine(report: InvocationReport): string {
  const { requestId, durationMs, billedMs, memoryMiB, maxMemoryBytes, initMs } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedMs} ms`,
    `Memory Size: ${memoryMiB} MB`,
    ...(maxMemoryBytes === null ? [] : [`Max Memory Used: ${Math.ceil(maxMemoryBytes / MIB)} MB`]),
    ...(initMs === null ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
  ];
  return `${fields.join('\t')}\t\n`;
}

/** The line for an init that failed or took too long. */
export function formatInitReport(initMs: number, errorType: string | null): string {
  const status = errorType === null ? 'timeout' : `error\tError Type: ${errorType}`;
  return `INIT_REPORT Init Duration: ${initMs.toFixed(2)} ms\tPhase: init\tStatus: ${status}\n`;
}

/** Reads the last REPORT line of a log; fields may come in any order. Null where there is none. */
export function parseReportLine(log: string): ReportFacts | null {
  const line = log.split('\n').findLast(text => text.startsWith('REPORT '));
  if (line === undefined) return null;
  const fields = readFields(line.slice('REPORT '.length));
  const number = (key: string): number | null => {
    const value = Number.parseFloat(fields.get(key) ?? '');
    return Number.isNaN(value) ? null : value;
  };
  return {
    requestId: fields.get('RequestId') ?? '',
    durationMs: number('Duration'),
    billedMs: number('Billed Duration'),
    memoryMiB: number('Memory Size'),
    maxMemoryMiB: number('Max Memory Used'),
    initMs: number('Init Duration'),
    restoreMs: number('Restore Duration'),
    billedRestoreMs: number('Billed Restore Duration'),
    status: fields.get('Status') ?? null,
    errorType: fields.get('Error Type') ?? null,
  };
}

/** An init that failed, as its INIT_REPORT line tells it. */
export interface InitReportFacts {
  readonly initMs: number | null;
  readonly phase: string | null;
  readonly status: string | null;
  readonly errorType: string | null;
}

export function parseInitReport(log: string): InitReportFacts | null {
  const line = log.split('\n').findLast(text => text.startsWith('INIT_REPORT '));
  if (line === undefined) return null;
  const fields = readFields(line.slice('INIT_REPORT '.length));
  const initMs = Number.parseFloat(fields.get('Init Duration') ?? '');
  return {
    initMs: Number.isNaN(initMs) ? null : initMs,
    phase: fields.get('Phase') ?? null,
    status: fields.get('Status') ?? null,
    errorType: fields.get('Error Type') ?? null,
  };
}

function readFields(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\t').map(part => /^([^:]+):\s*(.*?)\s*$/.exec(part));
  return new Map(pairs.filter(pair => pair !== null).map(pair => [pair[1] as string, pair[2] as string]));
}
