import type { Argv, InferredOptionTypes } from 'yargs';
import { SlimError } from '../../errors.ts';
import { isOriginPattern } from '../../gateway/cors.ts';
import { makePool } from '../../gateway/function-pool.ts';
import type { Access } from '../../gateway/make-handler.ts';
import { type RunningServer, startServer } from '../../gateway/start-server.ts';
import { APIS, type GatewaySettings } from '../../gateway/types.ts';
import type { LocalFunction, LocalSettings } from '../../lambda/types.ts';
import { limits } from '../../platform/limits.ts';
import { formatError } from '../../report/format-error.ts';
import { formatIsolation } from '../../report/format-isolation.ts';
import { formatDocument } from '../../report/json.ts';
import { printable } from '../../report/printable.ts';
import { chooseStyle } from '../../report/style.ts';
import { chooseArtifact } from '../choose-artifact.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { localOptions } from '../local-options.ts';
import { choice, commonOptions, configOptions, outOptions, repeated, single, whole } from '../options.ts';
import { EXIT, type Session } from '../session.ts';

const options = {
  port: whole('port', 'Port; 0 takes a free one [default: 3000]', 0, 65_535),
  host: single('Address to listen on [default: 127.0.0.1]'),
  api: choice('HTTP API, REST API or function URL [default: http]', APIS),
  stage: single('Stage of the API [default: $default; REST: Prod]'),
  streaming: { type: 'boolean', describe: 'Function URL with InvokeMode RESPONSE_STREAM' },
  'binary-media-types': repeated('REST: type that comes as bytes; repeatable [default: */*]'),
  cors: repeated('Origin that the gateway lets in, such as *; repeatable'),
  concurrency: whole('concurrency', 'Sandboxes side by side [default: 1]', 1, 16),
  ...localOptions,
  ...configOptions,
  ...outOptions,
  ...commonOptions,
} as const;
type ServeArgs = InferredOptionTypes<typeof options> & { artifact: string | undefined };

/** `serve`: an HTTP server that stands before an artifact as API Gateway or a function URL does. */
export const serveCommand: Command<ServeArgs> = {
  usage: 'serve [artifact]',
  describe: 'Run an artifact behind HTTP, as API Gateway and function URLs do',
  configure: (parser: Argv) =>
    parser
      .positional('artifact', { type: 'string', describe: 'Zip or folder; else the zip that build wrote' })
      .options(options)
      .example('$0 serve', 'what build wrote, on http://127.0.0.1:3000')
      .example('$0 serve function.zip --api rest', 'any zip, behind a REST API')
      .epilogue(
        'stdout gets the address, stderr the log of the function and a line a request; Ctrl-C ends it.\nExit codes: 0 it was ended; 2 it could not run.',
      ),
  async run(args, session) {
    const { io } = session;
    const settings = toGatewaySettings(args);
    const { path, environment } = await chooseArtifact(args.artifact, args, io, 'serve');
    const local = { ...args, env: { ...environment, ...args.env } };
    await withFunctions(path, local, io, args.concurrency ?? 1, (functions, opened) =>
      serveUntilStopped(functions, opened, settings, args, session),
    );
    return EXIT.ok;
  },
};

/** What the command line says of the gateway. Throws `USAGE` where its options do not go together. */
export function toGatewaySettings(args: Partial<ServeArgs>): GatewaySettings {
  const { api = 'http', stage, streaming = false, cors } = args;
  const binary = args['binary-media-types'];
  if (streaming && api !== 'url')
    throw refuse('--streaming needs --api url, since only function URLs stream here');
  if (stage !== undefined && api === 'url') throw refuse('--stage has no meaning for a function URL');
  if (binary && api !== 'rest')
    throw refuse('--binary-media-types needs --api rest; the others go by the content type');
  if (stage !== undefined && !/^[\w-]{1,128}$/.test(stage) && !(stage === '$default' && api === 'http')) {
    throw refuse(`--stage has to be letters, digits, - and _, not ${stage}`);
  }
  const origin = cors?.find(text => !isOriginPattern(text));
  if (origin !== undefined)
    throw refuse(`--cors has to be *, or an origin such as https://example.com, not ${origin}`);
  return {
    api,
    stage: stage ?? (api === 'rest' ? 'Prod' : '$default'),
    binaryMediaTypes: binary ?? ['*/*'],
    streaming,
    cors: cors ?? null,
    timeoutMs: { http: limits.httpApiSeconds * 1000, rest: limits.restApiSeconds * 1000, url: null }[api],
  };
}

function refuse(reason: string): SlimError {
  return new SlimError('USAGE', [reason, 'lambda-slim serve', null]);
}

/** Opens an artifact once a sandbox. */
async function withFunctions(
  artifact: string,
  args: ServeArgs,
  io: Io,
  count: number,
  use: (functions: readonly LocalFunction[], settings: LocalSettings) => Promise<void>,
): Promise<void> {
  const { withLocal } = await import('../with-local.ts');
  const open = (functions: readonly LocalFunction[]): Promise<void> =>
    withLocal(artifact, args, io, (fn, settings) => {
      const all = [...functions, fn];
      return all.length < count ? open(all) : use(all, settings);
    });
  return open([]);
}

async function serveUntilStopped(
  functions: readonly LocalFunction[],
  { runtime }: LocalSettings,
  settings: GatewaySettings,
  args: ServeArgs,
  session: Session,
): Promise<void> {
  const { io } = session;
  const style = chooseStyle(io.stderr, io.env);
  const server = await startServer({
    host: args.host ?? '127.0.0.1',
    port: args.port ?? 3000,
    settings,
    pool: makePool(functions),
    language: runtime.language,
    onAccess: access => void io.stderr.write(formatAccess(access)),
    onNote: text => void io.stderr.write(`Note: ${printable(text)}\n`),
    onError: error => void io.stderr.write(formatError(error, { debug: args.debug === true }, style)),
  });
  const [fn] = functions;
  try {
    announce(server, settings, session);
    if (fn) io.stderr.write(`${formatIsolation(fn.isolation)}\n`);
    await stopped(io.signal);
  } finally {
    await server.close();
  }
}

function announce(server: RunningServer, { api, stage }: GatewaySettings, { io, tool, json }: Session): void {
  const { url, port, isLoopback } = server;
  const text = `Listening on ${url}\n`;
  io.stdout.write(json ? formatDocument(tool, 'serve', { url, port, api, stage }) : text);
  if (isLoopback) return;
  io.stderr.write(
    'Warning: others on the network can reach it, and the function runs with your AWS credentials, if there are any.\n',
  );
}

function stopped(signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function formatAccess({ method, target, status, ms, complete }: Access): string {
  return `${method} ${printable(target)} ${status ?? '-'} ${Math.round(ms)} ms${complete ? '' : ', broken off'}\n`;
}
