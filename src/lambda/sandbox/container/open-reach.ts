import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Engine } from '../../../container/types.ts';
import { SlimError } from '../../../errors.ts';

/** How a container comes to a server on the loopback of this machine. */
export interface Reach {
  /** Options of `create`. */
  readonly network: readonly string[];
  /** The address at which a container finds what is at `127.0.0.1:<port>` here. */
  address(loopback: string): Promise<string>;
  close(): Promise<void>;
}

const HOST_NETWORK = ['--network', 'host'];

/**
 * Finds the way: the network of this machine, the name that a virtual machine has for it, or a relay that only the engine's
 * machine may use. Throws `CONTAINER_ENGINE_FAR`.
 */
export async function openReach({ name, place, rootless }: Engine): Promise<Reach> {
  if (place.kind === 'machine') {
    const network = name === 'podman' ? [] : ['--add-host', `${place.host}:host-gateway`];
    return { network, address: async at => at.replace(/^[^:]+/, place.host), close: async () => {} };
  }
  if (place.kind === 'far') {
    const ends = place.host === null ? null : await findEnds(place.host, place.endpoint);
    if (!ends) throw new SlimError('CONTAINER_ENGINE_FAR', [name, place.endpoint]);
    return openRelays(ends.local, [ends.remote]);
  }
  // The network of a rootless Docker is one of its own, from where loopback is not ours.
  const own = listOwnAddresses();
  if (rootless && name === 'docker' && own[0] !== undefined) return openRelays(own[0], own);
  return { network: HOST_NETWORK, address: async at => at, close: async () => {} };
}

/** Our address as the engine's machine sees it, and its own. */
async function findEnds(
  host: string,
  endpoint: string,
): Promise<{ readonly local: string; readonly remote: string } | null> {
  const port = Number(/:(\d+)\/?$/.exec(endpoint)?.[1] ?? 2375);
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    const { localAddress: local, remoteAddress: remote } = socket;
    return local === undefined || remote === undefined ? null : { local, remote };
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

function listOwnAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return addresses
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

function openRelays(host: string, peers: readonly string[]): Reach {
  const closers: (() => void)[] = [];
  return {
    network: HOST_NETWORK,
    async address(loopback) {
      const port = Number(loopback.slice(loopback.lastIndexOf(':') + 1));
      const relay = await openRelay(host, peers, port);
      closers.push(relay.close);
      return `${host.includes(':') ? `[${host}]` : host}:${relay.port}`;
    },
    async close() {
      for (const close of closers) close();
    },
  };
}

/** Hands connections of known peers on to a port of loopback. */
async function openRelay(
  host: string,
  peers: readonly string[],
  target: number,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer(socket => {
    if (!peers.includes(socket.remoteAddress ?? '')) return void socket.destroy();
    const inner = keep(connect(target, '127.0.0.1'));
    keep(socket).pipe(inner).pipe(socket);
    inner.on('close', () => socket.destroy());
    socket.on('close', () => inner.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
