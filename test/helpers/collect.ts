import { collectNode } from '../../src/collect/collect-node.ts';
import type { Collected } from '../../src/collect/collected.ts';
import type { HintsOf } from '../../src/collect/package-hints.ts';
import type { ResolvedFunction } from '../../src/types.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { type Files, makeContext, makeFunction, withProject } from './project.ts';

const NO_HINTS: HintsOf = () => ({ external: null, bundle: false, unusedDependencies: [], install: null });

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

/** Paths of the entries, for comparing. */
export function pathsOf(result: Collected): readonly string[] {
  return result.tree.entries.map(entry => entry.path);
}
