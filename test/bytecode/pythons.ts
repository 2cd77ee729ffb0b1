import { describePython, type FoundPython } from '../../src/lambda/find-python.ts';
import { runtimes } from '../../src/platform/runtimes.ts';
import type { Runtime } from '../../src/types.ts';

/** A runtime whose Python is on this machine. */
export interface Here {
  readonly runtime: Runtime;
  readonly python: FoundPython;
}

/** All runtimes whose Python is on this machine, the newest first. */
export async function findPythons(): Promise<readonly Here[]> {
  const signal = new AbortController().signal;
  const found = await Promise.all(
    runtimes
      .filter(({ language }) => language === 'python')
      .map(async runtime => ({
        runtime,
        python: await describePython(runtime.version, { cwd: '/', signal }),
      })),
  );
  return found
    .flatMap(({ runtime, python }) => (python ? [{ runtime, python }] : []))
    .sort((a, b) => Number(b.runtime.version.slice(2)) - Number(a.runtime.version.slice(2)));
}
