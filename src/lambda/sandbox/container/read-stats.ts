import type { Engine } from '../../../container/types.ts';

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** What the engine says that a container uses now, `/tmp` included; null where it does not tell. */
export async function readMemoryUse(engine: Engine, name: string): Promise<number | null> {
  const args = ['stats', '--no-stream', '--format', '{{.MemUsage}}', name];
  return parseMemoryUse(await engine.run('measure the container', args).catch(() => ''));
}

/** Reads `63.5MiB / 128MiB`, rounded as it is; null for anything else. */
export function parseMemoryUse(text: string): number | null {
  const [, number, unit = ''] = /^\s*([\d.]+)\s*([A-Za-z]+)\s*\//.exec(text) ?? [];
  const factor = UNITS[unit];
  return number === undefined || factor === undefined ? null : Math.round(Number(number) * factor);
}
