import { PATH_HELPER } from './place-plugin.ts';

/** `require`, `__filename` and `__dirname` for bundled CommonJS code inside an ES module. esbuild renames the user's own. */
const ESM_SHIMS = [
  `import{createRequire as __lsCreateRequire}from'node:module';`,
  `import{fileURLToPath as __lsToPath}from'node:url';`,
  'const require=__lsCreateRequire(import.meta.url),__filename=__lsToPath(import.meta.url),__dirname=__lsToPath(new URL(".",import.meta.url)).slice(0,-1);',
].join('');

const PLACE = [
  `const ${PATH_HELPER}=p=>{`,
  'const path=require("node:path"),file=path.join(__dirname,p);',
  'return[file,path.dirname(file),require("node:url").pathToFileURL(file).href]};',
].join('');

/** The lines above the bundle that make up for what bundling takes away. */
export function makeBanner(format: 'esm' | 'cjs'): string {
  return (format === 'esm' ? ESM_SHIMS : '') + PLACE;
}
