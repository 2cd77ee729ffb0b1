import { limits } from '../platform/limits.ts';
import type { Switch } from '../publish-types.ts';

/** Unzipped bytes of code and of layers. */
export interface Sizes {
  readonly code: number;
  readonly layers: number;
}

/**
 * Which of code and layers changes first, where both do. AWS counts what is deployed at each step: 262,144,000 bytes and more are
 * refused. Layers come first where they grow and fit beside the old code, since the function then works all the time; code comes
 * first where it takes back what layers had and fits beside them. The other order fits whenever that one does not. Sizes of what is
 * deployed may be too high, not too low.
 */
export function orderSwitch(deployed: Sizes, next: Sizes): Switch['order'] {
  if (next.layers < deployed.layers)
    return next.code + deployed.layers < limits.unzippedBytes ? 'code-first' : 'configuration-first';
  // Beside less code than there will be they fit, however large they are.
  const fits = deployed.code <= next.code || deployed.code + next.layers < limits.unzippedBytes;
  return fits ? 'configuration-first' : 'code-first';
}
