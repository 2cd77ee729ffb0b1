import { writeFile } from 'node:fs/promises';

type Variables = Readonly<Record<string, string>>;

/**
 * Writes variables into a file that only its owner reads, since what stands on a command line everybody can see. Gives those that
 * such a file cannot hold.
 */
export async function writeEnvFile(file: string, env: Variables): Promise<Variables> {
  const pairs = Object.entries(env);
  const lines = pairs.filter(pair => !hasLines(pair)).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
  return Object.fromEntries(pairs.filter(hasLines));
}

function hasLines([name, value]: readonly [string, string]): boolean {
  return /[\r\n]/.test(name + value);
}
