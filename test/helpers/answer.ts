import { join } from 'node:path';
import type { Tree } from '../../src/types.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { layOut } from './project.ts';

/** Lays a tree into an empty folder and calls its handler there in a Node process of its own. */
export function answerOf(
  result: { readonly tree: Tree; readonly handler: string },
  event: unknown = {},
): Promise<unknown> {
  return withTempDir(async dir => {
    await layOut(result.tree, dir);
    const at = result.handler.lastIndexOf('.');
    const stem = join(dir, result.handler.slice(0, at));
    // Lambda's runtime keeps the event loop alive while a handler is pending.
    const script = `
      const alive = setInterval(() => {}, 1000);
      const { existsSync } = await import('node:fs');
      const file = ['.mjs', '.cjs', '.js'].map(e => ${JSON.stringify(stem)} + e).find(f => existsSync(f));
      const module = await import((await import('node:url')).pathToFileURL(file));
      const handler = module[${JSON.stringify(result.handler.slice(at + 1))}] ?? module.default[${JSON.stringify(result.handler.slice(at + 1))}];
      console.log(JSON.stringify(await handler(${JSON.stringify(event)})));
      clearInterval(alive);`;
    const { stdout } = await exec(process.execPath, ['--input-type=module', '-e', script], { cwd: dir });
    return JSON.parse(stdout);
  });
}
