import type { Runtime } from '../types.ts';

/** `process.versions.modules` by Node.js major, from doc/abi_version_registry.json of nodejs/node. */
const ABIS: Readonly<Record<string, string>> = {
  12: '72',
  13: '79',
  14: '83',
  15: '88',
  16: '93',
  17: '102',
  18: '108',
  19: '111',
  20: '115',
  21: '120',
  22: '127',
  23: '131',
  24: '137',
  25: '141',
};

/** The known ABIs of Node.js that a runtime cannot load; none where its own is not known. */
export function otherAbis({ language, version }: Pick<Runtime, 'language' | 'version'>): readonly string[] {
  const own = language === 'nodejs' ? ABIS[version] : undefined;
  return own === undefined ? [] : Object.values(ABIS).filter(abi => abi !== own);
}
