import { limits } from '../platform/limits.ts';
import { reservedEnvironment } from '../platform/reserved-env.ts';
import type { PublishSettings } from '../publish-types.ts';
import { wantedEnvironment } from './diff-configuration.ts';
import { findEfsProblems } from './efs/find-efs-problems.ts';

type Rule = (settings: PublishSettings) => readonly (string | false | null)[];

/** Lengths and patterns of the service model (`facts`: the API's shapes), where the model itself is right for on-demand functions. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ALIAS = /^(?!\d+$)[a-zA-Z0-9_-]{1,128}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ROLE = /^(?:arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/;
const LAYER = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]{1,140}:\d+$/;
const ROUTE = /^(?:ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/\S*$|^\$default$/;
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]+$/;

const RULES: readonly Rule[] = [names, sizes, environment, network, layers, release, front, findEfsProblems];

/** Everything that AWS would refuse, in one go; no value of a variable is in it. */
export function findProblems(settings: PublishSettings): readonly string[] {
  return RULES.flatMap(rule => rule(settings)).filter(problem => typeof problem === 'string');
}

/** What is wrong with the variables of a function, all of them together. AWS measures them as compact JSON. */
export function findEnvironmentProblems(variables: Readonly<Record<string, string>>): readonly string[] {
  const problems = Object.keys(variables).flatMap(name => {
    if (reservedEnvironment.has(name)) return [`the variable ${name} is Lambda's own`];
    return VARIABLE.test(name)
      ? []
      : [`the variable ${name} has to have two or more letters, digits and "_", a letter first`];
  });
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes <= limits.environmentBytes) return problems;
  return [
    ...problems,
    `the variables take ${bytes} bytes as JSON, and ${limits.environmentBytes} are allowed`,
  ];
}

function names({ functionName, handler, description, role }: PublishSettings) {
  return [
    !NAME.test(functionName) &&
      `the function name ${functionName} has to have 1 to 64 letters, digits, "-" and "_"`,
    (handler.length > limits.handlerCharacters || /\s/.test(handler)) &&
      `the handler ${handler} has a space or over ${limits.handlerCharacters} characters`,
    description !== null &&
      description.length > limits.descriptionCharacters &&
      `the description has over ${limits.descriptionCharacters} characters`,
    role !== null && !ROLE.test(role) && `the role ${role} is neither a name nor the ARN of a role`,
  ];
}

function sizes({ memoryMiB, timeoutSeconds, tmpMiB }: PublishSettings) {
  return [
    outside(memoryMiB, limits.memoryMinMiB, limits.memoryMaxMiB, 'the memory size', 'MiB'),
    outside(timeoutSeconds, 1, limits.timeoutSeconds, 'the timeout', 's'),
    outside(tmpMiB, limits.tmpMinMiB, limits.tmpMaxMiB, '/tmp', 'MiB'),
  ];
}

function outside(
  value: number | null,
  least: number,
  most: number,
  what: string,
  unit: string,
): string | null {
  if (value === null || (Number.isInteger(value) && value >= least && value <= most)) return null;
  return `${what} has to be a whole number from ${least} to ${most} ${unit}, not ${value}`;
}

function environment(settings: PublishSettings) {
  return findEnvironmentProblems(wantedEnvironment(settings, null) ?? {});
}

function network({ vpc, tags }: PublishSettings) {
  return [
    vpc !== null && vpc.subnetIds.length > limits.subnets && `a function may be in ${limits.subnets} subnets`,
    vpc !== null &&
      vpc.securityGroupIds.length > limits.securityGroups &&
      `a function may have ${limits.securityGroups} security groups`,
    Object.keys(tags).length >= limits.tags &&
      `a function may have ${limits.tags} tags, one of which is ours`,
    ...Object.keys(tags).map(key => /^aws:/i.test(key) && `the tag ${key} begins with AWS's own prefix`),
    ...Object.entries(tags).map(
      ([key, value]) =>
        (key.length > limits.tagKeyCharacters || value.length > limits.tagValueCharacters) &&
        `the tag ${key.slice(0, limits.tagKeyCharacters)} has a key over ${limits.tagKeyCharacters} or a value over ${limits.tagValueCharacters} characters`,
    ),
  ];
}

function layers({ layers: { attach }, bucket, storage }: PublishSettings) {
  return [
    ...attach.map(arn => !LAYER.test(arn) && `${arn} is not the ARN of a layer version`),
    attach.length > limits.layers &&
      `${attach.length} layers are to be attached, and ${limits.layers} are allowed`,
    bucket !== null && !BUCKET.test(bucket) && `${bucket} is no name of a bucket`,
    storage === 'reference' && bucket === null && 'the storage mode reference needs a bucket',
  ];
}

function release({ release: { alias, weight, provisionedConcurrency } }: PublishSettings) {
  return [
    alias !== null &&
      !ALIAS.test(alias) &&
      `the alias ${alias} has to have letters, digits, "-" and "_", and not digits only`,
    weight !== null && alias === null && 'a weight needs an alias',
    weight !== null &&
      !(weight > 0 && weight < 100) &&
      'a weight is a number of percent above 0 and below 100',
    provisionedConcurrency !== null && alias === null && 'provisioned concurrency needs an alias',
    provisionedConcurrency !== null &&
      weight !== null &&
      'provisioned concurrency cannot be put on an alias that shares its calls between two versions',
  ];
}

function front({ front: { url, httpApi } }: PublishSettings) {
  return [
    ...(url?.cors?.methods ?? []).map(
      method =>
        method.length > limits.urlMethodCharacters &&
        `the CORS method ${method} is none that a function URL takes: it answers OPTIONS by itself`,
    ),
    ...(httpApi?.routes ?? []).map(
      route => !ROUTE.test(route) && `the route ${route} is not of the form "POST /predict"`,
    ),
  ];
}
