import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../../src/util/exec.ts';
import { withTempDir } from '../../../src/util/fs.ts';
import { LOCALHOST } from '../../helpers/localhost-certificate.ts';
import { withMoto } from '../../helpers/moto.ts';

/**
 * Runs moto, and gives the environment in which a Python has boto3, as Lambda's runtime has, and asks moto. TEST_KEY and
 * TEST_CERTIFICATE are files, for servers on localhost.
 */
export async function withBoto(use: (env: Readonly<Record<string, string>>) => Promise<void>): Promise<void> {
  await withTempDir(async dir => {
    const packages = join(dir, 'packages');
    await exec('python3', ['-m', 'pip', 'install', '--quiet', '--target', packages, 'boto3'], { cwd: dir });
    const [key, certificate] = [join(dir, 'key.pem'), join(dir, 'certificate.pem')];
    await Promise.all([writeFile(key, LOCALHOST.key), writeFile(certificate, LOCALHOST.cert)]);
    const more = { PYTHONPATH: packages, TEST_KEY: key, TEST_CERTIFICATE: certificate };
    await withMoto(async env => use({ ...env, AWS_DEFAULT_REGION: env.AWS_REGION ?? '', ...more }));
  });
}
