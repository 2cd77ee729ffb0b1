import { writeFile } from 'node:fs/promises';

/**
 * Writes variables into a file that only its owner reads, since what stands on a command line everybody can see. Gives the pairs
 * that such a file cannot hold.
 */
export async function writeEnvFile(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const lines = pairs.filter(pair => !/[\r\n]/.test(pair));
  await writeFile(file, lines.map(line => `${line}\n`).join(''), { mode: 0o600 });
  return pairs.filter(pair => /[\r\n]/.test(pair));
}
