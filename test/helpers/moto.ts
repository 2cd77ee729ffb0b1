import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Moto is somebody else's idea of AWS; where it is not installed, there is nothing to test against it. */
export function hasMoto(): boolean {
  try {
    execFileSync('moto_server', ['--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs `moto_server` on a free port of loopback; gives the environment that leads the SDK to it. */
export async function withMoto<T>(use: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const port = await findFreePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // Its pyenv shim starts a child, so that the group has to go.
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    detached: true,
  });
  try {
    await waitFor(`${endpoint}/moto-api/`);
    return await use({
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDMOTO',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
  } finally {
    const ended = once(moto, 'exit');
    if (moto.pid !== undefined && moto.exitCode === null) {
      process.kill(-moto.pid);
      await ended;
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function waitFor(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await fetch(url).catch(() => null)) return;
    await delay(100);
  }
  throw new Error(`${url} does not answer`);
}
