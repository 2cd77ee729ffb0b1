import { existsSync } from 'node:fs';
import * as module from 'node:module';
import process from 'node:process';
import { resolveInLayers } from './layer-hooks.mts';

type RegisterHooks = (hooks: { readonly resolve: typeof resolveInLayers }) => void;

/**
 * Lambda's Node.js is patched so that `import` finds packages on NODE_PATH, where plain Node.js looks for those of `require`
 * only. Does the same with hooks; before Node.js 22.15 they need a thread, so only where a layer or the like is there.
 */
export function installLayerImports(own: readonly string[]): void {
  const { registerHooks } = module as { registerHooks?: RegisterHooks };
  if (registerHooks) registerHooks({ resolve: resolveInLayers });
  else if (hasOthers(own)) module.register('./layer-hooks.mjs', import.meta.url);
}

function hasOthers(own: readonly string[]): boolean {
  const folders = (process.env.NODE_PATH ?? '').split(':');
  return folders.some(folder => folder !== '' && !own.includes(folder) && existsSync(folder));
}
