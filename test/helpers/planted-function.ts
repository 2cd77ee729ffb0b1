import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runtimes } from '../../src/platform/runtimes.ts';
import type { Verified } from '../../src/verify/verify.ts';
import { type Files, withProject, writeFiles } from './project.ts';
import { verifyFolders } from './verify-folders.ts';

/** The Node.js that runs the tests, so that none has to be fetched; the name of a runtime only where there is such a runtime. */
export const RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

/** Whether Lambda has a runtime of that Node.js. */
export const HAS_RUNTIME = runtimes.some(({ id }) => id === RUNTIME);

export const FUNCTION: Files = {
  'package.json': '{"type":"module"}',
  'index.js': `
    import { greet } from 'greeter';
    export const handler = async event => {
      if (event.lazy) return (await import('lazy')).default();
      if (event.count) return { count: event.count, at: Date.now(), list: [Math.random()] };
      return greet(event.name);
    };`,
  'node_modules/greeter/package.json': '{"name":"greeter","version":"1.2.3","type":"module"}',
  'node_modules/greeter/index.js': `
    import { readFileSync, existsSync } from 'node:fs';
    const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url)));
    const words = new URL('./locale/en.json', import.meta.url);
    export const greet = name => \`\${existsSync(words) ? JSON.parse(readFileSync(words)).hello : '?'} \${name} from \${version}\`;`,
  'node_modules/greeter/locale/en.json': '{"hello":"Hello"}',
  'node_modules/greeter/locale/de.json': '{"hello":"Hallo"}',
  'node_modules/greeter/README.md': '# greeter',
  'node_modules/lazy/package.json': '{"name":"lazy","type":"module"}',
  'node_modules/lazy/index.js': `
    import { types } from './lib/read.js';
    export default () => types();`,
  'node_modules/lazy/lib/read.js': `
    import { readFileSync } from 'node:fs';
    export const types = () => readFileSync(new URL('../types/index.d.ts', import.meta.url), 'utf8').length;`,
  'node_modules/lazy/types/index.d.ts': 'export function types(): number;',
  'node_modules/lazy/types/other.d.ts': 'export {};',
  ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`node_modules/lazy/docs/${i}.md`, `${i}`])),
};

/** The function without `gone`, verified against itself. */
export function verifyWithout(
  gone: readonly string[],
  events: Readonly<Record<string, unknown>>,
): Promise<Verified> {
  return withProject({}, async dir => {
    const [original, slim] = [join(dir, 'original'), join(dir, 'slim')];
    await writeFiles(original, FUNCTION);
    await cp(original, slim, { recursive: true });
    for (const path of gone) await rm(join(slim, path), { recursive: true });
    return verifyFolders({ original, slim, runtime: RUNTIME, events });
  });
}
