import { limits } from '../platform/limits.ts';
import type { Switch } from '../publish-types.ts';
import type { DeployedSizes } from './types.ts';

/** Unzipped bytes after the switch. */
export interface NewSizes {
  readonly code: number;
  readonly layers: number;
}

/**
 * Which of code and layers changes first, where both do. AWS counts what is deployed at each step: 262,144,000 bytes and more are
 * refused. Layers come first where they grow and fit beside the old code, since the function then works all the time; code comes
 * first where it takes back what layers had, and wherever layers first would not fit.
 */
export function orderSwitch(deployed: DeployedSizes, next: NewSizes): Switch['order'] {
  const layersFirstFits = deployed.code + next.layers < limits.unzippedBytes;
  const codeFirstFits = next.code + deployed.layers < limits.unzippedBytes;
  const growing = next.layers >= deployed.layers;
  if (growing) return layersFirstFits ? 'configuration-first' : 'code-first';
  return codeFirstFits ? 'code-first' : 'configuration-first';
}
