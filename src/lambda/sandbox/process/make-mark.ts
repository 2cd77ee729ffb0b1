import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exists } from '../../../util/fs.ts';

/** What a process hands down to all that it starts, whatever becomes of parents, groups and environments. */
export interface Mark {
  /** Words before a command that give it the mark. */
  readonly words: readonly string[];
  isOn(pid: number): boolean;
}

const PRLIMIT = '/usr/bin/prlimit';

/** A limit that Linux has not looked at since 2.4.25 (getrlimit(2), RLIMIT_LOCKS), but still keeps. */
const LIMIT = 'Max file locks';

/** Makes a mark that nobody else has; null where there are none. */
export async function makeMark(): Promise<Mark | null> {
  if (process.platform !== 'linux' || !(await exists(PRLIMIT)) || readLimit('self')?.hard !== 'unlimited')
    return null;
  const value = String(randomBytes(6).readUIntBE(0, 6));
  return {
    words: [PRLIMIT, `--locks=${value}:`],
    isOn: pid => readLimit(String(pid))?.soft === value,
  };
}

function readLimit(pid: string): { readonly soft: string; readonly hard: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/limits`, 'latin1');
    const [, soft, hard] = new RegExp(`^${LIMIT} +(\\S+) +(\\S+)`, 'm').exec(text) ?? [];
    return soft && hard ? { soft, hard } : null;
  } catch {
    return null;
  }
}
