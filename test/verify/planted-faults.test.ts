import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Verified } from '../../src/verify/verify.ts';
import { HAS_RUNTIME, RUNTIME, verifyWithout } from '../helpers/planted-function.ts';
import { withProject } from '../helpers/project.ts';
import { rejects } from '../helpers/rejects.ts';
import { blamedBy, verifyFolders } from '../helpers/verify-folders.ts';

const codesOf = ({ findings }: Verified): readonly string[] => findings.map(({ code }) => code);

if (process.platform === 'linux' && HAS_RUNTIME) {
  test('an answer that only differs is blamed as well', async () => {
    const result = await verifyWithout(['node_modules/greeter/locale', 'node_modules/lazy/docs'], {
      greet: { name: 'Ada' },
    });
    assert.equal(codesOf(result), ['VERIFY_DIFFERS', 'VERIFY_BLAME']);
    assert.equal(blamedBy(result), [['node_modules/greeter', ['node_modules/greeter/locale/en.json']]]);
  });

  test('who stops it leaves nothing behind', () =>
    withProject(
      { 'index.mjs': 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));' },
      async dir => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 700);
        const { signal } = controller;
        const running = verifyFolders({
          original: dir,
          slim: dir,
          runtime: RUNTIME,
          events: { a: {} },
          signal,
        });
        await rejects(running, 'CANCELLED');
      },
    ));
}

test.run();
