import type { Runtime } from '../types.ts';

export interface FunctionEnvOptions {
  readonly runtime: Runtime;
  readonly handler: string;
  /** Where the code was unpacked; `/var/task` on Lambda. */
  readonly taskRoot: string;
  readonly memoryMiB: number;
  /** Of the host; what an AWS client needs is passed on, and nothing else. */
  readonly host: Readonly<Record<string, string | undefined>>;
}

/** What AWS clients read; a real function has credentials and a region as well. */
const PASSED_ON =
  /^(?:AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION|ENDPOINT_URL(?:_\w+)?)|MODEL_\w+)$/;

/**
 * The environment of a function, as Lambda sets it (recorded from real functions in January 2026). The Runtime API and the
 * X-Ray daemon are looked for on loopback, where nobody answers.
 */
export function makeFunctionEnv(options: FunctionEnvOptions): Readonly<Record<string, string>> {
  const { runtime, handler, taskRoot, memoryMiB, host } = options;
  const major = runtime.version;
  const passedOn = Object.entries(host).filter(
    ([name, value]) => PASSED_ON.test(name) && value !== undefined,
  );
  return {
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    ...(Object.fromEntries(passedOn) as Record<string, string>),
    _HANDLER: handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.id}`,
    AWS_LAMBDA_FUNCTION_NAME: 'function',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]00000000000000000000000000000000',
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    _AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1',
    _AWS_XRAY_DAEMON_PORT: '2000',
    _X_AMZN_TRACE_ID: 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    PWD: taskRoot,
    SHLVL: '0',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    LD_LIBRARY_PATH: `/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:${taskRoot}:${taskRoot}/lib:/opt/lib`,
    NODE_PATH: `/opt/nodejs/node${major}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:${taskRoot}`,
  };
}
