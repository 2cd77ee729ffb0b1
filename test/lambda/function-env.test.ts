import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  checkEnvironment,
  type FunctionEnvOptions,
  LAMBDA_PLACES,
  makeFunctionEnv,
} from '../../src/lambda/function-env.ts';
import { findRuntime } from '../../src/platform/runtimes.ts';
import { invokeCode } from '../helpers/invoke.ts';

/** What was recorded from real functions of Node.js runtimes, apart from credentials. */
const RECORDED = [
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
  'LANG',
  'LD_LIBRARY_PATH',
  'NODE_PATH',
  'PATH',
  'PWD',
  'SHLVL',
  'TZ',
  '_AWS_XRAY_DAEMON_ADDRESS',
  '_AWS_XRAY_DAEMON_PORT',
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
];

const options = (overrides: Partial<FunctionEnvOptions>): FunctionEnvOptions => ({
  runtime: findRuntime('nodejs24.x'),
  handler: 'a.b',
  functionName: 'function',
  memoryMiB: 128,
  places: LAMBDA_PLACES,
  runtimeApi: '127.0.0.1:9001',
  environment: {},
  host: {},
  ...overrides,
});

const HOST = {
  HOST_SECRET: 'hunter2',
  PATH: '/home/somebody/bin',
  NODE_OPTIONS: '--no-warnings',
  TZ: 'Pacific/Kiritimati',
  HOME: '/home/somebody',
  AWS_PROFILE: 'prod',
  AWS_ACCESS_KEY_SECRET: 'no such name',
  MY_AWS_ACCESS_KEY_ID: 'no',
  AWS_LAMBDA_FUNCTION_NAME: 'host',
  LAMBDA_TASK_ROOT: '/host',
};

test('the environment has the values of a real function, and the folder in the place of /var/task', () => {
  const runtime = findRuntime('nodejs22.x');
  const env = makeFunctionEnv(
    options({ runtime, handler: 'src/index.handler', memoryMiB: 2048, host: HOST }),
  );
  assert.equal(Object.keys(env).sort(), RECORDED);
  const expected = {
    _HANDLER: 'src/index.handler',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '2048',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LANG: 'en_US.UTF-8',
    LD_LIBRARY_PATH:
      '/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib',
    NODE_PATH:
      '/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    PWD: '/var/task',
    SHLVL: '0',
    TZ: ':UTC',
  };
  for (const [name, value] of Object.entries(expected)) assert.is(env[name], value, name);
});

test('what AWS clients and the model need is passed on', () => {
  const host = {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_SESSION_TOKEN: 'c',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://localhost:1',
    AWS_ENDPOINT_URL_S3: 'http://localhost:2',
    MODEL_DIR: '/models',
  };
  const env = makeFunctionEnv(options({ host: { ...host, MODEL_URL: undefined } }));
  for (const [name, value] of Object.entries(host)) assert.is(env[name], value, name);
  assert.is('MODEL_URL' in env, false);
  assert.is(env.AWS_DEFAULT_REGION, 'us-east-1');
});

test('Python has its own path, and from 3.12 on a locale', () => {
  const old = makeFunctionEnv(options({ runtime: findRuntime('python3.11') }));
  assert.equal(
    [old.PYTHONPATH, old.LC_CTYPE, old.NODE_PATH, old.AWS_EXECUTION_ENV],
    ['/var/runtime', undefined, undefined, 'AWS_Lambda_python3.11'],
  );
  assert.is(makeFunctionEnv(options({ runtime: findRuntime('python3.12') })).LC_CTYPE, 'C.UTF-8');
});

test('other places stand in every path, and a folder for /tmp is told', () => {
  const places = { task: '/t', opt: '/o', runtime: '/r', tmp: '/x' };
  const env = makeFunctionEnv(options({ places }));
  assert.equal([env.LAMBDA_TASK_ROOT, env.PWD, env.LAMBDA_RUNTIME_DIR, env.TMPDIR], ['/t', '/t', '/r', '/x']);
  assert.is(env.LD_LIBRARY_PATH, '/var/lang/lib:/lib64:/usr/lib64:/r:/r/lib:/t:/t/lib:/o/lib');
  assert.is(env.NODE_PATH, '/o/nodejs/node24/node_modules:/o/nodejs/node_modules:/r/node_modules:/r:/t');
  assert.is(env.PATH, '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/o/bin');
});

test('the variables of the function win, and reserved ones are refused', () => {
  const environment = { TZ: 'Europe/Zurich', NODE_OPTIONS: '--no-warnings', MODEL_DIR: '/mine' };
  const env = makeFunctionEnv(options({ environment, host: { MODEL_DIR: '/host' } }));
  for (const [name, value] of Object.entries(environment)) assert.is(env[name], value);
  checkEnvironment(environment);
  assert.throws(
    () => checkEnvironment({ ...environment, AWS_REGION: 'x', _HANDLER: 'y' }),
    (error: Error) => error.message.includes('AWS_REGION, _HANDLER'),
  );
});

test('a handler sees that environment, and nothing of the host but a temporary folder of its own', async () => {
  const { answer } = await invokeCode(
    `export const handler = async () => ({ env: process.env, zone: new Date(0).getTimezoneOffset(), hour: new Date(0).getHours() });`,
    { env: HOST },
  );
  const { env, zone, hour } = answer as { env: Record<string, string>; zone: number; hour: number };
  assert.equal(Object.keys(env).sort(), [...RECORDED, 'TMPDIR'].sort());
  for (const value of Object.values(HOST)) assert.is(Object.values(env).includes(value), false, value);
  assert.equal([env.TZ, zone, hour], [':UTC', 0, 0]);
});

test.run();
