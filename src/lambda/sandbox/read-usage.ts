import { readFileSync } from 'node:fs';

/** The highest resident memory that one process ever had, bytes; null where the system does not tell. */
export function readPeak(proc: string, pid: number | undefined): number | null {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(tryRead(`${proc}/${pid}/status`))?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

/** What processes read from the disk, those included that they waited for, bytes; null where the system does not tell. */
export function sumReadBytes(proc: string, pids: readonly string[]): number | null {
  const found = pids.map(pid => /^read_bytes: (\d+)$/m.exec(tryRead(`${proc}/${pid}/io`))?.[1]);
  const told = found.filter(bytes => bytes !== undefined);
  return told.length === 0 ? null : told.reduce((sum, bytes) => sum + Number(bytes), 0);
}

function tryRead(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
