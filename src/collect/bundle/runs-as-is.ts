import { extname, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { packageDirOf } from '../package-path.ts';
import { chooseFormat } from './choose-format.ts';

type Input = Metafile['inputs'][string];

const RUNNABLE = new Set(['.js', '.mjs', '.cjs', '.json']);

/** True where Node would run the user's own code without a compiler: plain JavaScript whose imports Node itself finds. */
export async function runsAsIs({ inputs }: Metafile, base: string): Promise<boolean> {
  const own = Object.entries(inputs).filter(([path]) => isOwn(resolve(base, path)));
  const verdicts = own.map(
    async ([path, input]) =>
      RUNNABLE.has(extname(path)) && (await hasItsSyntax(resolve(base, path), input)) && findsImports(input),
  );
  return !(await Promise.all(verdicts)).includes(false);
}

function isOwn(path: string): boolean {
  return packageDirOf(path) === null;
}

/** A `.js` file is what the package.json above it says. */
async function hasItsSyntax(path: string, { format }: Input): Promise<boolean> {
  return format === undefined || extname(path) === '.json' || format === (await chooseFormat(path, 'auto'));
}

/** esbuild also knows aliases, and adds extensions where Node's `import` does not. */
function findsImports({ imports, format }: Input): boolean {
  return imports.every(({ path, original, external, kind }) => {
    if (external || original === undefined || !isOwn(path)) return true;
    if (!/^[./#]/.test(original)) return false;
    return (
      format !== 'esm' || kind === 'require-call' || path.endsWith(original.replace(/^(?:\.\.?\/)+/, ''))
    );
  });
}
