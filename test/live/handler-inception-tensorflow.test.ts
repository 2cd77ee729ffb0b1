import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { listPythons, runPythonTests } from '../handlers/python/run-python.ts';
import { withBoto } from '../handlers/python/with-boto.ts';
import { hasMoto } from '../helpers/moto.ts';

const FUNCTION_DIR = join(process.cwd(), 'src/handlers/inception-tensorflow');

/** Versions that the pinned TensorFlow has wheels for. */
const python = listPythons(['3.12', '3.11', '3.13']).at(0);
const test = suite('inception-tensorflow, with the pinned TensorFlow');
const testWithAll = (python !== undefined && hasMoto()) || process.env.CI ? test : test.skip;

testWithAll('models in each form, trained by the test or packaged, from a folder, S3 and https', async () => {
  assert.ok(python, 'there is a python3.11, 3.12 or 3.13');
  await withTempDir(async dir => {
    const installed = await install(python, dir);
    await runPythonTests({ python: installed, folder: 'pictures' });
    await withBoto(env =>
      runPythonTests({
        python: installed,
        folder: 'tensorflow',
        handler: 'inception-tensorflow',
        env: { ...env, TF_CPP_MIN_LOG_LEVEL: '3', TMPDIR: dir },
      }),
    );
  });
});

/** Installs what requirements.txt says into a virtual environment; gives its Python. */
async function install(base: string, dir: string): Promise<string> {
  await exec(base, ['-m', 'venv', join(dir, 'venv')], { cwd: dir });
  const installed = join(dir, 'venv/bin/python');
  // A path in there is one from the folder of the function.
  const args = ['-m', 'pip', 'install', '--quiet', '-r', 'requirements.txt'];
  await exec(installed, args, { cwd: FUNCTION_DIR });
  return installed;
}

test.run();
