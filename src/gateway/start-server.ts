import { createServer, type Server } from 'node:http';
import { SlimError } from '../errors.ts';
import { limits } from '../platform/limits.ts';
import { errnoOf } from '../util/fs.ts';
import { type HandlerOptions, makeHandler } from './make-handler.ts';
import { isLoopback } from './own-host.ts';
import type { GatewaySettings } from './types.ts';

export interface ServerOptions extends Omit<HandlerOptions, 'signal'> {
  /** Address or name to listen on. */
  readonly host: string;
  /** 0 takes one that is free. */
  readonly port: number;
}

export interface RunningServer {
  readonly port: number;
  readonly url: string;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
  /** Stops listening, ends all connections and cancels what runs. */
  close(): Promise<void>;
}

/** Starts an HTTP server that answers as the gateway does. Throws `PORT_IN_USE`, `CANNOT_LISTEN`. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host } = options;
  const controller = new AbortController();
  const handler = makeHandler({ ...options, signal: controller.signal });
  const server = createServer({ maxHeaderSize: maxHeaderBytes(options.settings) }, handler);
  server.on('checkContinue', handler);
  await listen(server, host, options.port);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address : { port: options.port, address: host };
  const { port } = bound;
  return {
    port,
    isLoopback: isLoopback(bound.address),
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        controller.abort();
        server.closeAllConnections();
      }),
  };
}

/** API Gateway bounds request line and headers; of a function URL no bound is known but Lambda's own. */
function maxHeaderBytes({ api }: GatewaySettings): number {
  return api === 'url' ? 1024 * 1024 : limits.gatewayHeaderBytes;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host is known',
  EAI_AGAIN: 'the name could not be looked up',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied; ports below 1024 need root',
};

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      const code = errnoOf(error) ?? '';
      if (code === 'EADDRINUSE') reject(new SlimError('PORT_IN_USE', [host, port], { cause: error }));
      else
        reject(
          new SlimError('CANNOT_LISTEN', [host, port, REASONS[code] ?? error.message], { cause: error }),
        );
    });
    server.listen({ host, port }, resolve);
  });
}
