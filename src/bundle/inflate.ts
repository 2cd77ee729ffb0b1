import { nativeInflate } from './inflate-native.ts';
import { wasmInflate } from './inflate-wasm.ts';
import type { Inflate } from './types.ts';

/** Inflates with what this Node.js has, else with the codec's zstd. */
export const inflate: Inflate = nativeInflate ?? wasmInflate;
