import { compareCodeUnits } from '../util/path.ts';
import { findNodeModule } from './find-node-module.ts';
import { findSymbolNames } from './find-symbol-names.ts';
import { openDynamicStrings } from './read-dynamic-strings.ts';
import type { ByteSource, ElfFile } from './types.ts';

/** A bound for crafted tables; an addon exports a handful, one that holds a database some thousands. */
const MAX_EXPORTS = 500_000;

/**
 * The versions of Node.js's own ABI for which a file registers as an addon, as `node::DLOpen` (src/node_binding.cc) looks for them:
 * functions `node_register_module_v<version>`, else the `struct node_module` that its constructor hands over. One that also
 * registers by Node-API is bound to none.
 */
export function readNodeAbis(
  source: ByteSource,
  elf: ElfFile,
  imports: readonly string[],
): readonly string[] {
  if (!imports.some(isOfNode)) return [];
  const readString = openDynamicStrings(source, elf);
  const abis = new Set<string>();
  for (const at of [...findSymbolNames(source, elf, 'defined', MAX_EXPORTS)].sort((a, b) => a - b)) {
    const name = readString(at) ?? '';
    if (/^napi_register_module_v\d+$/.test(name)) return [];
    const abi = /^node_register_module_v(\d{1,4})$/.exec(name)?.[1];
    if (abi) abis.add(abi);
  }
  const registered = abis.size === 0 && imports.includes('node_module_register');
  const found = registered ? findNodeModule(source, elf) : null;
  return found === null ? [...abis].sort(compareCodeUnits) : [String(found)];
}

/** What no addon for that ABI does without: functions in the namespaces `node` and `v8`. Saves reading the exports of all others. */
function isOfNode(name: string): boolean {
  return name === 'node_module_register' || /^_ZNK?(?:2v8|4node)/.test(name);
}
