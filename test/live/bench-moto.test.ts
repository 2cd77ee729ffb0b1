import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Lambda } from '@aws-sdk/client-lambda';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runFake } from '../helpers/fake-io.ts';

/** Moto is somebody else's idea of Lambda's API; where it is not installed, there is nothing to test. */
function hasMoto(): boolean {
  try {
    execFileSync('moto_server', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const REGION = 'eu-west-1';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDMOTO', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: REGION };
/** An empty zip. */
const ZIP = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function withMoto(use: (endpoint: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // Its pyenv shim starts a child, so that the group has to go.
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    detached: true,
  });
  try {
    for (let tries = 0; ; tries++) {
      const up = await fetch(`${endpoint}/moto-api/`).then(
        () => true,
        () => false,
      );
      if (up) break;
      if (tries > 200) throw new Error('moto_server does not answer');
      await delay(100);
    }
    await use(endpoint);
  } finally {
    if (moto.pid !== undefined) process.kill(-moto.pid);
  }
}

/** A function `api` with one variable; moto wants its role to be there. */
async function createFunction(endpoint: string): Promise<Lambda> {
  const config = JSON.stringify({ lambda: { use_docker: false } });
  await fetch(`${endpoint}/moto-api/config`, { method: 'POST', body: config });
  await fetch(endpoint, {
    method: 'POST',
    headers: {
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIDMOTO/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({
      Action: 'CreateRole',
      Version: '2010-05-08',
      RoleName: 'r',
      AssumeRolePolicyDocument: '{}',
    }),
  });
  const credentials = { accessKeyId: 'AKIDMOTO', secretAccessKey: 'secret' };
  const lambda = new Lambda({ endpoint, region: REGION, credentials });
  await lambda.createFunction({
    FunctionName: 'api',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::123456789012:role/r',
    Code: { ZipFile: ZIP },
    Environment: { Variables: { STAGE: 'prod' } },
  });
  return lambda;
}

if (hasMoto()) {
  test('against moto: the calls are understood, and a log without a report is explained', () =>
    withMoto(async endpoint => {
      const lambda = await createFunction(endpoint);
      const env = { ...KEYS, AWS_ENDPOINT_URL: endpoint };
      const argv = ['bench', '--function', 'api', '--force-cold', '--cold', '1'];
      const ran = await runFake(argv, { env });
      assert.is(ran.code, 2, ran.stdout);
      assert.match(ran.stderr, 'REPORT_MISSING');
      const after = await lambda.getFunctionConfiguration({ FunctionName: 'api' });
      assert.equal(after.Environment?.Variables, { STAGE: 'prod' });
      const gone = await runFake(['bench', '--function', 'gone'], { env });
      assert.match(gone.stderr, 'AWS_NOT_FOUND');
    }));
}

test.run();
