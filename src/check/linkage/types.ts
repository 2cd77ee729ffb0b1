import type { LinkageFinding } from '../../findings.ts';
import type { NativeEntry, NativeSet, Platform } from '../../types.ts';

export interface LinkageInput {
  /** Unpacked to `/var/task`. */
  readonly root: NativeSet;
  /** Unpacked to `/opt` in this order, so that later ones override. */
  readonly layers: readonly NativeSet[];
  /** Null judges only what holds for every runtime. */
  readonly platform: Platform | null;
}

type Facts<F> = F extends LinkageFinding ? Omit<F, 'package' | 'paths' | 'count' | 'bytes'> : never;

/** One thing to say of one file, before it is put together with its like. */
export interface Problem {
  readonly file: PlacedFile;
  readonly facts: Facts<LinkageFinding>;
}

/** A native file at its place in the file system of the function. */
export interface PlacedFile extends NativeEntry {
  /** Absolute: `/var/task/numpy.libs/libz.so`. */
  readonly at: string;
}
