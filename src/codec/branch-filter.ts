import { filterArm64, undoArm64 } from './filter-arm64.ts';
import { filterX86, undoX86 } from './filter-x86.ts';
import type { BranchFilter } from './types.ts';

/** Filters the code that begins at `offset` of its file, in place. */
export function applyFilter(filter: BranchFilter, bytes: Uint8Array, offset: number): void {
  if (filter === 'x86') filterX86(bytes, offset);
  else filterArm64(bytes, offset);
}

/** Undoes `applyFilter`. */
export function undoFilter(filter: BranchFilter, bytes: Uint8Array, offset: number): void {
  if (filter === 'x86') undoX86(bytes, offset);
  else undoArm64(bytes, offset);
}
