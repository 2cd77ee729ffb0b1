import { SlimError } from '../errors.ts';
import type { Finding } from '../findings.ts';
import type { BytecodeMode, BytecodeReport, Context, Platform, Tree } from '../types.ts';
import { sumBytes } from '../util/entry-bytes.ts';
import { type Compiled, compileGroups } from './compile-groups.ts';
import { type Compiler, findCompiler } from './find-compiler.ts';
import { isBytecode, placeBytecode } from './place-bytecode.ts';
import { planSources, type SourcePlan, type SourceRules } from './plan-sources.ts';

export interface BytecodeRequest extends SourceRules {
  readonly mode: Exclude<BytecodeMode, 'none'>;
  readonly platform: Platform;
}

export interface BytecodeOutcome {
  readonly tree: Tree;
  /** Null where there is none; a finding says why. */
  readonly report: BytecodeReport | null;
  readonly findings: readonly Finding[];
  /** Absolute paths of files besides the tree that decided it. */
  readonly inputs: readonly string[];
}

/**
 * Adds the bytecode of the sources of a Python function, made by a Python of the runtime's version: into `__pycache__`, or with mode
 * `only` in place of the sources. Mode `auto` is `unchecked` where such a Python is on this machine, else nothing and a finding.
 * Wants the tree before libraries are compressed, whose shim has to know where bytecode lies. Throws `BYTECODE_NEEDS_PYTHON`,
 * `COMMAND_FAILED`, `FILE_CHANGED`, `FILE_UNREADABLE`, `CACHE_UNWRITABLE`, `CANCELLED`.
 */
export async function addBytecode(
  tree: Tree,
  request: BytecodeRequest,
  context: Context,
): Promise<BytecodeOutcome> {
  const { mode, platform } = request;
  const { version } = platform.runtime;
  const compiler = await findCompiler(version, context);
  if (!compiler) {
    if (mode !== 'auto') throw new SlimError('BYTECODE_NEEDS_PYTHON', [version, mode]);
    return leaveOut(tree, { reason: 'python', detail: version });
  }
  const plan = planSources(tree, request);
  context.progress.start('compile to bytecode');
  const compiled = await compile(plan, mode, compiler, context);
  if (compiled instanceof SlimError) return leaveOut(tree, { reason: 'failed', detail: compiled.message });
  const replaces = (path: string): boolean => mode === 'only' && !plan.needed.has(path);
  const made = placeBytecode(tree, compiled, { version, replaces });
  const report = reportOf(tree, made, { mode: mode === 'auto' ? 'unchecked' : mode, plan, compiler });
  context.progress.done(`modules: ${report.files}`);
  return { tree: made, report, findings: [], inputs: [compiler.path] };
}

/** What nobody asked for must not fail a build. */
async function compile(
  { groups }: SourcePlan,
  mode: BytecodeRequest['mode'],
  compiler: Compiler,
  context: Context,
): Promise<ReadonlyMap<string, Compiled> | SlimError> {
  try {
    const kind = mode === 'checked' ? 'checked' : 'unchecked';
    return await compileGroups(groups, { compiler, kind }, context);
  } catch (error) {
    if (mode === 'auto' && error instanceof SlimError && error.code === 'COMMAND_FAILED') return error;
    throw error;
  }
}

interface Made {
  readonly mode: BytecodeReport['mode'];
  readonly plan: SourcePlan;
  readonly compiler: Compiler;
}

function reportOf(before: Tree, { entries }: Tree, { mode, plan, compiler }: Made): BytecodeReport {
  const added = entries.filter(isBytecode);
  const left = new Set<string>(entries.map(({ path }) => path));
  const gone = before.entries.filter(({ path }) => !left.has(path) && path.endsWith('.py'));
  return {
    mode,
    files: added.length,
    bytes: sumBytes(added),
    removedSources: gone.length,
    removedBytes: sumBytes(gone),
    uncompiled: plan.groups.flat().length - added.length,
    pythonVersion: compiler.version,
  };
}

type LeftOut = Omit<Extract<Finding, { readonly code: 'BYTECODE_LEFT_OUT' }>, 'code' | 'level'>;

/** The outcome without bytecode, and why. */
export function leaveOut(tree: Tree, why: LeftOut): BytecodeOutcome {
  return {
    tree,
    report: null,
    findings: [{ code: 'BYTECODE_LEFT_OUT', level: 'warning', ...why }],
    inputs: [],
  };
}
