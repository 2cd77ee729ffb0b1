import { join } from 'node:path';
import { type Collected, collectNode } from '../../src/collect/collect-node.ts';
import type { HintsOf } from '../../src/collect/package-hints.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type Files, layOut, makeContext, makeFunction, withProject } from './project.ts';

const NO_HINTS: HintsOf = () => ({ external: null, bundle: false, unusedDependencies: [] });

export interface CollectOptions {
  readonly fn?: (dir: string) => Partial<ResolvedFunction>;
  readonly hintsOf?: HintsOf;
  /** Runs in the project's folder before it is collected. */
  readonly before?: (dir: string) => Promise<void>;
}

/** Writes a project and collects it; `use` sees the result while the project is there. */
export function collected<T>(
  files: Files,
  options: CollectOptions,
  use: (result: Collected, dir: string) => Promise<T>,
): Promise<T> {
  return withProject(files, dir =>
    withTempDir(async workDir => {
      await options.before?.(dir);
      const fn = makeFunction(dir, options.fn?.(dir));
      return use(await collectNode(fn, options.hintsOf ?? NO_HINTS, makeContext(workDir)), dir);
    }),
  );
}

/** Lays a collected tree into an empty folder and calls its handler there in a Node process of its own. */
export function answerOf(result: Collected, event: unknown = {}): Promise<unknown> {
  return withTempDir(async dir => {
    await layOut(result.tree, dir);
    const at = result.handler.lastIndexOf('.');
    const stem = join(dir, result.handler.slice(0, at));
    const script = `
      const { existsSync } = await import('node:fs');
      const file = ['.mjs', '.cjs', '.js'].map(e => ${JSON.stringify(stem)} + e).find(f => existsSync(f));
      const module = await import((await import('node:url')).pathToFileURL(file));
      const handler = module[${JSON.stringify(result.handler.slice(at + 1))}] ?? module.default[${JSON.stringify(result.handler.slice(at + 1))}];
      console.log(JSON.stringify(await handler(${JSON.stringify(event)})));`;
    const { stdout } = await exec(process.execPath, ['--input-type=module', '-e', script], { cwd: dir });
    return JSON.parse(stdout);
  });
}

/** Paths of the entries, for comparing. */
export function pathsOf(result: Collected): readonly string[] {
  return result.tree.entries.map(entry => entry.path);
}
