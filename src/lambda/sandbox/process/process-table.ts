import { readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { exec } from '../../../util/exec.ts';

/** A process as the system lists it; `pid` and `start` together name it even after its number was given away again. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly start: string;
  readonly residentBytes: number;
}

/** Lists the processes of a `/proc` that are not dead. Those that end meanwhile are left out. */
export function readProc(proc = '/proc'): readonly ProcessEntry[] {
  const names = readdirSync(proc).filter(name => /^\d+$/.test(name));
  return names.map(name => readEntry(proc, name)).filter(entry => entry !== null);
}

/** One process of a `/proc`, by its number; null where it is dead or gone. */
export function readEntry(proc: string, name: string): ProcessEntry | null {
  const stat = tryRead(`${proc}/${name}/stat`)?.toString('latin1');
  if (!stat) return null;
  // The name before them is in parentheses, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === 'Z' || state === 'X') return null;
  return {
    pid: Number(name),
    parent: Number(parent),
    group: Number(group),
    start: String(fields[19]),
    residentBytes: Number(fields[21]) * pageBytes(),
  };
}

let page: number | undefined;

/** The kernel tells it to each process among its first numbers, as the value of `AT_PAGESZ`. */
function pageBytes(): number {
  page ??= findPageBytes(tryRead('/proc/self/auxv') ?? Buffer.alloc(0)) ?? 4096;
  return page;
}

const AT_PAGESZ = 6n;

function findPageBytes(auxv: Buffer): number | null {
  const read = (at: number): bigint =>
    endianness() === 'LE' ? auxv.readBigUInt64LE(at) : auxv.readBigUInt64BE(at);
  for (let at = 0; at + 16 <= auxv.length; at += 16) if (read(at) === AT_PAGESZ) return Number(read(at + 8));
  return null;
}

function tryRead(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Lists the processes of a Unix without `/proc`. */
export async function readPs(signal: AbortSignal): Promise<readonly ProcessEntry[]> {
  const { stdout } = await exec('ps', ['-axo', 'pid=,ppid=,pgid=,rss=,stat=,lstart='], { cwd: '/', signal });
  return parsePs(stdout);
}

/** Reads lines of `pid ppid pgid rss stat lstart`, with the resident memory in KiB. */
export function parsePs(text: string): readonly ProcessEntry[] {
  const lines = text
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line));
  return lines
    .filter(line => line !== null && !line[5]?.startsWith('Z'))
    .map(line => {
      const [, pid, parent, group, kib, , start] = line as RegExpExecArray;
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        start: String(start),
        residentBytes: Number(kib) * 1024,
      };
    });
}
