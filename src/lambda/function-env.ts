import { SlimError } from '../errors.ts';
import { reservedEnvironment } from '../platform/reserved-env.ts';
import type { Runtime } from '../types.ts';
import type { Places } from './types.ts';

export interface FunctionEnvOptions {
  readonly runtime: Runtime;
  readonly handler: string;
  readonly functionName: string;
  readonly memoryMiB: number;
  readonly places: Places;
  /** Host and port of the Runtime API. */
  readonly runtimeApi: string;
  /** The function's own variables; they win over all that is not reserved. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the host; what an AWS client needs is passed on, and nothing else. */
  readonly host: Readonly<Record<string, string | undefined>>;
}

/** Where Lambda shows the parts of a function. */
export const LAMBDA_PLACES: Places = { task: '/var/task', opt: '/opt', runtime: '/var/runtime', tmp: '/tmp' };

/** What AWS clients read; a real function has credentials and a region as well. */
const PASSED_ON =
  /^(?:AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION|ENDPOINT_URL(?:_\w+)?)|MODEL_\w+)$/;

/**
 * The environment of a function, as Lambda sets it (recorded from real functions in January 2026), with the places where its
 * parts are shown here. The X-Ray daemon is looked for on loopback, where nobody answers.
 */
export function makeFunctionEnv(options: FunctionEnvOptions): Readonly<Record<string, string>> {
  const { runtime, handler, functionName, memoryMiB, places, host, environment } = options;
  const passedOn = Object.entries(host).filter(
    ([name, value]) => PASSED_ON.test(name) && value !== undefined,
  );
  return {
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    ...(Object.fromEntries(passedOn) as Record<string, string>),
    _HANDLER: handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.id}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]00000000000000000000000000000000',
    AWS_LAMBDA_RUNTIME_API: options.runtimeApi,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    _AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1',
    _AWS_XRAY_DAEMON_PORT: '2000',
    _X_AMZN_TRACE_ID: 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
    PWD: places.task,
    SHLVL: '0',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    ...searchPaths(runtime, places),
    // Only where `/tmp` is the host's own.
    ...(places.tmp === LAMBDA_PLACES.tmp ? {} : { TMPDIR: places.tmp }),
    ...environment,
  };
}

/** Refuses variables that Lambda sets itself. Throws `ENV_RESERVED`. */
export function checkEnvironment(environment: Readonly<Record<string, string>>): void {
  const names = Object.keys(environment).filter(name => reservedEnvironment.has(name));
  if (names.length > 0) throw new SlimError('ENV_RESERVED', [names.join(', ')]);
}

function searchPaths({ language, version }: Runtime, { task, opt, runtime }: Places): Record<string, string> {
  return {
    LAMBDA_TASK_ROOT: task,
    LAMBDA_RUNTIME_DIR: runtime,
    PATH: `/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:${opt}/bin`,
    LD_LIBRARY_PATH: `/var/lang/lib:/lib64:/usr/lib64:${runtime}:${runtime}/lib:${task}:${task}/lib:${opt}/lib`,
    ...(language === 'nodejs'
      ? {
          NODE_PATH: `${opt}/nodejs/node${version}/node_modules:${opt}/nodejs/node_modules:${runtime}/node_modules:${runtime}:${task}`,
        }
      : { PYTHONPATH: runtime, ...(hasUtf8Locale(version) ? { LC_CTYPE: 'C.UTF-8' } : {}) }),
  };
}

/** Python from 3.12 on. */
function hasUtf8Locale(version: string): boolean {
  return Number(version.split('.')[1]) >= 12;
}
