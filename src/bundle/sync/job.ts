import type { BundleManifest, BundleSource, Inflate } from '../types.ts';
import type { Lock } from './lock.ts';
import type { Store } from './store.ts';
import type { Progress } from './types.ts';

/** A sync that holds the lock and knows what it is to bring. */
export interface Job {
  readonly store: Store;
  readonly lock: Lock;
  /** Its own folder in the store. */
  readonly work: string;
  readonly source: BundleSource;
  readonly inflate: Inflate;
  readonly release: string;
  readonly manifest: BundleManifest;
  /** Aborted when the user wants to stop, or the lock is lost. */
  readonly signal: AbortSignal;
  readonly parallel: number;
  /** Whether there is time to begin another chunk. */
  readonly goOn: () => boolean;
  readonly progress: Progress;
}
