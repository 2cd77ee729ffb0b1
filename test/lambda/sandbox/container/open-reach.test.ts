import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Engine, EnginePlace } from '../../../../src/container/types.ts';
import { openReach } from '../../../../src/lambda/sandbox/container/open-reach.ts';
import { rejects } from '../../../helpers/rejects.ts';

const engineAt = (place: EnginePlace, overrides: Partial<Engine> = {}): Engine => ({
  name: 'docker',
  place,
  rootless: false,
  env: {},
  run: async () => '',
  ...overrides,
});

test('on this kernel loopback is loopback', async () => {
  const reach = await openReach(engineAt({ kind: 'here' }));
  assert.equal(
    [reach.network, await reach.address('127.0.0.1:9001')],
    [['--network', 'host'], '127.0.0.1:9001'],
  );
});

test('in a virtual machine this one has a name', async () => {
  const docker = await openReach(engineAt({ kind: 'machine', host: 'host.docker.internal' }));
  assert.is(await docker.address('127.0.0.1:9001'), 'host.docker.internal:9001');
  assert.equal(docker.network, ['--add-host', 'host.docker.internal:host-gateway']);
  const podman = engineAt({ kind: 'machine', host: 'host.containers.internal' }, { name: 'podman' });
  assert.equal((await openReach(podman)).network, []);
});

test('who can only be reached by ssh, or not at all, cannot reach us', async () => {
  const ssh = { kind: 'far', endpoint: 'ssh://me@box', host: null } as const;
  await rejects(openReach(engineAt(ssh)), 'CONTAINER_ENGINE_FAR');
  const closed = { kind: 'far', endpoint: 'tcp://127.0.0.1:1', host: '127.0.0.1' } as const;
  await rejects(openReach(engineAt(closed)), 'CONTAINER_ENGINE_FAR');
});

/** What comes back over a new connection; empty where it is closed at once. */
async function ask(port: number, localAddress: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  let answer = '';
  socket.setEncoding('utf8').on('data', text => {
    answer += text;
  });
  socket.on('error', () => {});
  socket.write('ping');
  await new Promise<void>(resolve => socket.once('close', () => resolve()));
  return answer;
}

if (process.platform === 'linux') {
  test('a relay serves the machine of the engine and nobody else, and ends', async () => {
    const server = createServer(socket =>
      socket.on('error', () => {}).once('data', text => socket.end(`${text} pong`)),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const reach = await openReach(
      engineAt({ kind: 'far', endpoint: `tcp://127.0.0.1:${port}`, host: '127.0.0.1' }),
    );
    const relay = Number((await reach.address(`127.0.0.1:${port}`)).split(':')[1]);
    assert.is.not(relay, port);
    assert.is(await ask(relay, '127.0.0.1'), 'ping pong');
    assert.is(await ask(relay, '127.0.0.2'), '');
    await reach.close();
    assert.is(await ask(relay, '127.0.0.1'), '');
    server.close();
  });
}

test.run();
