import { nodeAbiOf, nodeAbis } from '../platform/node-abi.ts';
import type { Runtime } from '../types.ts';

/** The known ABIs of Node.js that a runtime cannot load; none where its own is not known. */
export function otherAbis(runtime: Pick<Runtime, 'language' | 'version'>): readonly string[] {
  const own = nodeAbiOf(runtime);
  return own === null ? [] : nodeAbis.filter(abi => abi !== own);
}
