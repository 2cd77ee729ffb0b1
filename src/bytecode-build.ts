import { addBytecode, type BytecodeOutcome, leaveOut } from './bytecode/add-bytecode.ts';
import { dropBytecode } from './bytecode/place-bytecode.ts';
import type { NativeOutcome } from './native/native.ts';
import { limits } from './platform/limits.ts';
import type { PresetLibrary } from './presets/schema.ts';
import type { Context, ResolvedFunction, Tree } from './types.ts';
import { sumBytes } from './util/entry-bytes.ts';
import { type Timed, timed } from './util/timed.ts';

/** What the last two stages made of a tree. */
export interface CompiledAndSlimmed {
  /** Null where none was wanted, as for Node.js. */
  readonly compiled: Timed<BytecodeOutcome> | null;
  readonly slimmed: Timed<NativeOutcome>;
}

/** Room for what is written later, bytes: shims, the index of removed files, and longer RECORDs. */
const RESERVE_BYTES = 4 * 1024 * 1024;

/**
 * Bytecode goes in before `slim` compresses libraries, whose shim has to know where it lies; so whether it fits shows afterwards.
 * Where nobody asked for it and it does not, it goes again.
 */
export async function compileAndSlim(
  tree: Tree,
  { platform, keep, bytecode: mode, efs }: ResolvedFunction,
  library: PresetLibrary,
  slim: (tree: Tree) => Promise<Timed<NativeOutcome>>,
  context: Context,
): Promise<CompiledAndSlimmed> {
  if (platform.runtime.language !== 'python' || mode === 'none')
    return { compiled: null, slimmed: await slim(tree) };
  const request = { mode, platform, library, keep };
  const compiled = await timed('bytecode', () => addBytecode(tree, request, context));
  const slimmed = await slim(compiled.value.tree);
  const bytes = sumBytes(slimmed.value.tree.entries);
  // On a file system there is room.
  const fits = efs !== null || bytes + RESERVE_BYTES < limits.unzippedBytes;
  if (mode !== 'auto' || compiled.value.report === null || fits) return { compiled, slimmed };
  const isMirrored = slimmed.value.report.compressed !== null;
  const bare = isMirrored
    ? await slim(tree)
    : { ...slimmed, value: { ...slimmed.value, tree: dropBytecode(slimmed.value.tree) } };
  const left = leaveOut(tree, { reason: 'size', detail: `${bytes}` });
  // What is too large as it is has a finding of its own, and more room for bytecode would not help it.
  const isOver = sumBytes(bare.value.tree.entries) >= limits.unzippedBytes;
  const value = isOver ? { ...left, findings: [] } : left;
  return { compiled: { ...compiled, value }, slimmed: bare };
}
