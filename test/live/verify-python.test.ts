import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describePython } from '../../src/lambda/find-python.ts';
import { exec } from '../../src/util/exec.ts';
import { withProject } from '../helpers/project.ts';
import { blamedBy, verifyFolders } from '../helpers/verify-folders.ts';

const HANDLER = `
import numpy as np
from scipy import linalg, stats

def handler(event, context):
    a = np.array(event["a"], dtype=float)
    return {"det": float(linalg.det(a)), "p": float(stats.norm.cdf(event["x"]))}
`;

const EVENTS = {
  one: {
    a: [
      [1, 2],
      [3, 4],
    ],
    x: 1.5,
  },
  two: {
    a: [
      [2, 0],
      [0, 4],
    ],
    x: 0,
  },
};

const signal = new AbortController().signal;
const python = await describePython('3.12', { cwd: process.cwd(), signal });

if (process.platform === 'linux' && python !== null) {
  test('numpy 2.2 and scipy 1.15 without the tests of numpy: one file of 1300 is to blame', () =>
    withProject({ 'original/app.py': HANDLER }, async dir => {
      const [original, slim] = [join(dir, 'original'), join(dir, 'slim')];
      const flags = ['install', '--quiet', '--no-compile', '--only-binary=:all:', '--target', original];
      await exec(python.path, ['-m', 'pip', ...flags, 'numpy==2.2.6', 'scipy==1.15.3'], { cwd: dir });
      await cp(original, slim, { recursive: true, verbatimSymlinks: true });
      for (const path of await fastGlob(['{numpy,scipy}/**/tests/**', '**/*.pyi'], { cwd: slim }))
        await rm(join(slim, path));
      const result = await verifyFolders({
        original,
        slim,
        runtime: 'python3.12',
        handler: 'app.handler',
        events: EVENTS,
        memoryMiB: 1024,
      });
      console.log(`\n${result.report.blameRuns} runs, ${result.report.ms} ms`);
      assert.ok(result.findings[0]?.code === 'VERIFY_FAILED' && result.findings[0].event === null);
      assert.equal(blamedBy(result), [['numpy', ['numpy/_core/tests/_natype.py']]]);
      await cp(join(original, 'numpy/_core/tests/_natype.py'), join(slim, 'numpy/_core/tests/_natype.py'));
      const mended = await verifyFolders({
        original,
        slim,
        runtime: 'python3.12',
        handler: 'app.handler',
        events: EVENTS,
        memoryMiB: 1024,
      });
      assert.equal(mended.findings, []);
      assert.ok(mended.report.natives > 15, `${mended.report.natives} native files`);
    }));
}

test.run();
