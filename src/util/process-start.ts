import { readFile } from 'node:fs/promises';

/** When a process of this Linux started, in ticks since the system did; with its number, it names one process. Empty where there is none. */
export async function readProcessStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
