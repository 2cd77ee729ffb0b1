/** Extensions that Lambda tries for the module of `Handler`, in this order. */
const TRIED = ['', '.js', '.mjs', '.cjs'];

/** True for a path that Lambda would load in place of the bundle, or that is the bundle's own. */
export function isShadowing(path: string, bundlePath: string): boolean {
  const stem = bundlePath.replace(/\.[cm]?js$/, '');
  return TRIED.some(extension => `${stem}${extension}` === path);
}
