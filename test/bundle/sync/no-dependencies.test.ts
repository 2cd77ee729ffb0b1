import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

/** What a module imports when it runs; types are gone then. */
async function listImports(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8');
  const lines = text.matchAll(
    /^(?:import|export) (?!type )[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'/gm,
  );
  return [...lines].map(([, ...names]) => names.find(name => name !== undefined) as string);
}

test('what runs in a Lambda function without packages needs none, and no encoder', async () => {
  const seen = new Set<string>();
  const foreign: string[] = [];
  const queue = [
    'sync/sync-bundle',
    'sync/verify-store',
    'sync/rollback-store',
    'inflate-native',
    'objects-source',
  ].map(name => `src/bundle/${name}.ts`);
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const name of await listImports(path)) {
      if (name.startsWith('.')) queue.push(join(path, '..', name));
      else if (!name.startsWith('node:')) foreign.push(`${path}: ${name}`);
    }
  }
  assert.equal(foreign, []);
  assert.equal(
    [...seen].filter(path => path.startsWith('src/codec/')),
    [],
  );
  assert.ok(seen.has('src/errors.ts') && seen.size > 30);
});

test.run();
