import { once } from 'node:events';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRuntimeApi, type RuntimeApi } from '../../src/lambda/runtime-api/open-runtime-api.ts';
import { openContainerHost } from '../../src/lambda/sandbox/container/open-container-host.ts';
import type { Sandbox, SandboxHost, SandboxSpec } from '../../src/lambda/types.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { exec } from '../../src/util/exec.ts';
import { withTempDir } from '../../src/util/fs.ts';
import { canRunDocker, makeImage, startDocker, type TestEngine } from '../helpers/docker-engine.ts';
import { rejects } from '../helpers/rejects.ts';

const IMAGE = 'lambda-slim-test/nodejs:24';

/** A handler for each thing to be seen, chosen by the event. */
const CODE = `
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const attempt = act => { try { act(); return 'done'; } catch (error) { return error.code; } };
exports.handler = event => ({
  hello: () => ({ hello: event.name, cwd: process.cwd(), uid: process.getuid(), secret: process.env.SECRET, lines: process.env.LINES, home: process.env.HOME }),
  write: () => ['/var/task/x', '/opt/x', '/mnt/files/x', '/x', '/tmp/x'].map(path => attempt(() => fs.writeFileSync(path, 'x'))),
  read: () => ['/opt/layer.txt', '/mnt/files/model.txt'].map(path => fs.readFileSync(path, 'utf8')),
  fill: () => attempt(() => { for (let i = 0; i < event.mib; i++) fs.appendFileSync('/tmp/big', Buffer.alloc(1024 ** 2, 1)); }),
  hoard: () => { const kept = []; for (;;) kept.push(Buffer.alloc(10 * 1024 ** 2, 1)); },
  hang: () => new Promise(() => { for (;;); }),
  exit: () => process.exit(3),
  child: () => { spawn('/bin/sh', ['-c', 'while :; do :; done'], { detached: true, stdio: 'ignore' }); console.log('started'); },
  caps: () => fs.readFileSync('/proc/self/status', 'utf8').match(/CapEff:\\s*(\\w+)/)[1],
  limits: () => fs.readFileSync('/proc/self/limits', 'utf8').match(/Max open files\\s+(\\d+)/)[1],
})[event.do]();
`;

interface Stage {
  readonly engine: TestEngine;
  readonly dir: string;
  spec(overrides?: Partial<SandboxSpec>): SandboxSpec;
  readonly logs: string[];
}

async function withStage(use: (stage: Stage) => Promise<void>, ...listen: readonly string[]): Promise<void> {
  await withTempDir(async dir => {
    const engine = await startDocker(join(dir, 'docker'), ...listen);
    try {
      await makeImage(engine, join(dir, 'image'), IMAGE);
      const [code, layer, mount] = [join(dir, 'my, code'), join(dir, 'layer'), join(dir, 'mount')];
      for (const folder of [code, layer, mount, join(dir, 'work')]) await mkdir(folder, { recursive: true });
      await writeFile(join(code, 'index.js'), CODE);
      await writeFile(join(layer, 'layer.txt'), 'of the layer');
      await writeFile(join(mount, 'model.txt'), 'of the mount');
      const logs: string[] = [];
      const spec = (overrides: Partial<SandboxSpec> = {}): SandboxSpec => ({
        code,
        layers: [layer],
        mount: { path: '/mnt/files', folder: mount },
        runtime: '/nowhere',
        runtimePackages: null,
        interpreter: { file: '/nowhere', folders: [] },
        visible: [],
        memoryMiB: 256,
        tmpMiB: 512,
        workDir: join(dir, 'work'),
        onLog: text => void logs.push(text),
        image: { runtime: findRuntime('nodejs24.x'), arch: 'x64', name: IMAGE, hostEnv: engine.env },
        ...overrides,
      });
      await use({ engine, dir, spec, logs });
      assert.is(await engine.docker('ps', '--all', '--quiet'), '', 'no container is left');
      assert.is(await engine.docker('volume', 'ls', '--quiet'), '', 'no volume is left');
    } finally {
      await engine.stop();
    }
  });
}

const signal = new AbortController().signal;

interface Running {
  readonly sandbox: Sandbox;
  readonly host: SandboxHost;
  call(event: unknown): Promise<unknown>;
}

async function withFunction(spec: SandboxSpec, use: (running: Running) => Promise<void>): Promise<void> {
  const host = await openContainerHost(spec, signal);
  const api = await openRuntimeApi({ functionName: 'function', handler: 'index.handler' });
  try {
    const env = {
      AWS_LAMBDA_RUNTIME_API: api.address,
      _HANDLER: 'index.handler',
      SECRET: 'a=b "c"',
      LINES: 'a\nb',
      HOME: 'never\nseen',
    };
    const sandbox = await host.start({ args: [], env });
    try {
      await use({ sandbox, host, call: event => call(api, sandbox, event) });
    } finally {
      await sandbox.stop();
    }
  } finally {
    await api.close();
    await host.close();
  }
}

async function call(api: RuntimeApi, sandbox: Sandbox, event: unknown): Promise<unknown> {
  const gone = sandbox.exited.then(exit => ({ exit }));
  const early = await Promise.race([api.ready, gone]);
  if (early !== null) return early;
  const exchange = api.begin({
    requestId: '11111111-1111-4111-8111-111111111111',
    event: Buffer.from(JSON.stringify(event)),
    deadlineMs: Date.now() + 60_000,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:function',
    traceId: 'Root=1-00000000-000000000000000000000000',
    clientContext: null,
  });
  const outcome = await Promise.race([exchange.outcome, gone]);
  return 'exit' in outcome
    ? outcome
    : outcome.kind === 'answer'
      ? JSON.parse(Buffer.from(outcome.body).toString())
      : outcome;
}

if (await canRunDocker()) {
  test('a function runs in a container as on Lambda', () =>
    withStage(async ({ spec, engine, logs }) => {
      await withFunction(spec(), async ({ call, host, sandbox }) => {
        assert.equal(host.isolation, {
          kind: 'container',
          memory: 'polled',
          tmp: 'tmpfs',
          readOnlyCode: true,
        });
        assert.equal(await call({ do: 'hello', name: 'you' }), {
          hello: 'you',
          cwd: '/var/task',
          uid: 0,
          secret: 'a=b "c"',
          lines: 'a\nb',
          home: '/',
        });
        assert.match(logs.join(''), /^Note: HOME has line breaks and is a variable of docker, too;/m);
        assert.equal(await call({ do: 'write' }), ['EROFS', 'EROFS', 'EROFS', 'EROFS', 'done']);
        assert.equal(await call({ do: 'read' }), ['of the layer', 'of the mount']);
        assert.equal(
          [await call({ do: 'caps' }), await call({ do: 'limits' })],
          ['0000000000000000', '1024'],
        );
        assert.is(await call({ do: 'fill', mib: 300 }), 'done', '/tmp does not count as memory');
        const usage = await sandbox.usage();
        assert.ok((usage.tmpBytes ?? 0) >= 300 * 1024 ** 2, String(usage.tmpBytes));
        assert.ok((usage.maxMemoryBytes ?? 0) > 20 * 1024 ** 2, String(usage.maxMemoryBytes));
        assert.is(await call({ do: 'fill', mib: 300 }), 'ENOSPC');
        assert.ok(
          (await sandbox.loaded()).includes('/var/lang/bin/node'),
          (await sandbox.loaded()).join(' '),
        );
      });
      assert.is(await engine.docker('ps', '--all', '--quiet'), '');
    }));

  test('what takes too much memory, exits, hangs or leaves children behind is ended', () =>
    withStage(async ({ spec, logs }) => {
      await withFunction(spec({ memoryMiB: 128 }), async ({ call, sandbox }) => {
        await call({ do: 'hoard' });
        assert.equal(await sandbox.exited, { kind: 'out-of-memory' });
      });
      await withFunction(spec(), async ({ call }) =>
        assert.equal(await call({ do: 'exit' }), { exit: { kind: 'exit', code: 3, signal: null } }),
      );
      for (const what of ['hang', 'child']) {
        await withFunction(spec(), async ({ call, sandbox }) => {
          const answer = call({ do: what });
          if (what === 'child') await answer;
          else await delay(500);
          await sandbox.stop();
          assert.is((await sandbox.exited).kind, 'exit');
        });
      }
      assert.ok(logs.join('').includes('started'));
    }));

  test('what a killed process of ours leaves ends by itself, and the next run takes it away', () =>
    withStage(async ({ spec, engine }) => {
      const host = await openContainerHost(spec(), signal);
      const api = await openRuntimeApi({ functionName: 'function', handler: 'index.handler' });
      await host.start({ args: [], env: { AWS_LAMBDA_RUNTIME_API: api.address, _HANDLER: 'index.handler' } });
      await api.ready;
      const [name = ''] = (await engine.docker('ps', '--format', '{{.Names}}')).split('\n');
      // Its client ends as it would if we were killed.
      const pids = (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8'))
        .trim()
        .split(' ');
      for (const pid of pids) {
        const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
        if (line.startsWith('docker\0start')) process.kill(Number(pid), 'SIGKILL');
      }
      for (let round = 0; round < 100 && (await engine.docker('ps', '--quiet')) !== ''; round++)
        await delay(100);
      assert.is(await engine.docker('ps', '--quiet'), '');
      await engine.docker('rename', name, name.replace(/-\d+-/, '-4194303-'));
      await withFunction(spec(), async () => {
        assert.not.match(await engine.docker('ps', '--all', '--format', '{{.Names}}'), '4194303');
      });
      await api.close();
      await host.close();
    }));

  test('an engine far away gets copies, and comes back through a relay', async () => {
    const { networkInterfaces } = await import('node:os');
    const address = Object.values(networkInterfaces())
      .flatMap(list => list ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    if (address === undefined) return;
    const endpoint = `tcp://${address}:23751`;
    await withStage(async ({ spec, engine }) => {
      const image = spec().image;
      assert.ok(image);
      const far = spec({ image: { ...image, hostEnv: { ...engine.env, DOCKER_HOST: endpoint } } });
      await withFunction(far, async ({ call, sandbox, host }) => {
        assert.is(host.isolation.memory, 'cgroup');
        assert.equal(await call({ do: 'read' }), ['of the layer', 'of the mount']);
        assert.equal(await call({ do: 'write' }), ['EROFS', 'EROFS', 'EROFS', 'EROFS', 'done']);
        assert.ok(((await sandbox.usage()).maxMemoryBytes ?? 0) > 10 * 1024 ** 2);
        assert.equal(await sandbox.loaded(), []);
      });
      await withFunction({ ...far, memoryMiB: 128, tmpMiB: 64 }, async ({ call, sandbox }) => {
        await call({ do: 'hoard' });
        assert.equal(await sandbox.exited, { kind: 'out-of-memory' });
      });
    }, endpoint);
  });

  test('an image whose programs are for another CPU says so, and a pull can be cancelled', () =>
    withStage(async ({ spec, engine, dir }) => {
      const { image } = spec();
      assert.ok(image);
      const root = join(dir, 'foreign');
      await mkdir(join(root, 'bin'), { recursive: true });
      await copyFile('fixtures/elf/libtiny-aarch64.so', join(root, 'bin/sh'));
      await chmod(join(root, 'bin/sh'), 0o755);
      await exec('tar', ['-C', root, '-cf', join(dir, 'foreign.tar'), '.'], { cwd: dir });
      await engine.docker('import', '--platform', 'linux/amd64', join(dir, 'foreign.tar'), 'foreign:1');
      await withFunction(spec({ image: { ...image, name: 'foreign:1' } }), async ({ sandbox }) => {
        const exit = await sandbox.exited;
        assert.ok(exit.kind === 'not-started' && exit.reason.includes('QEMU'), JSON.stringify(exit));
      });
      const silent = createServer().listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const controller = new AbortController();
      const name = `127.0.0.1:${port}/none:1`;
      const opened = openContainerHost(spec({ image: { ...image, name } }), controller.signal);
      await once(silent, 'connection');
      controller.abort();
      await rejects(opened, 'CANCELLED');
      silent.close();
    }));

  test('an image that is not there, one for another CPU, an engine that is down', () =>
    withStage(async ({ spec, engine, dir }) => {
      const { image } = spec();
      assert.ok(image);
      const open = (overrides: Partial<typeof image>) =>
        openContainerHost(spec({ image: { ...image, ...overrides } }), signal);
      await rejects(open({ name: '127.0.0.1:1/none:1' }), 'CONTAINER_IMAGE_MISSING');
      await rejects(open({ arch: 'arm64' }), 'CONTAINER_IMAGE_FOREIGN');
      // So that no other engine of this machine answers.
      const only = join(dir, 'only');
      await mkdir(only);
      const { stdout: docker } = await exec('which', ['docker'], { cwd: dir });
      await symlink(docker, join(only, 'docker'));
      const ofDocker = (host: string) => ({
        ...engine.env,
        PATH: `${only}:/usr/bin/nothing`,
        DOCKER_HOST: host,
      });
      const down = ofDocker(`unix://${dir}/nobody.sock`);
      await rejects(open({ hostEnv: down }), 'CONTAINER_ENGINE_DOWN');
      await rejects(open({ hostEnv: { PATH: `${dir}/nothing` } }), 'CONTAINER_ENGINE_MISSING');
      await rejects(open({ hostEnv: ofDocker('tcp://127.0.0.1:1') }), 'CONTAINER_ENGINE_DOWN');
    }));
}

test.run();
