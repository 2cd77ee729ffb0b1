import { SlimError } from '../../errors.ts';
import { limits } from '../../platform/limits.ts';
import type { SagemakerConfig } from '../../publish-sagemaker-config.ts';
import type { PublishConfig } from '../../publish-types.ts';

/** What an endpoint is to be. */
export interface EndpointSettings {
  readonly endpoint: string;
  /** Name or ARN. */
  readonly role: string;
  readonly bucket: string | null;
  /** URI of an image of the user's; null takes that of the framework in the region. */
  readonly image: string | null;
  readonly memoryMiB: number;
  readonly maxConcurrency: number;
  readonly provisionedConcurrency: number | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

type ContainerSettings = Pick<
  EndpointSettings,
  'memoryMiB' | 'maxConcurrency' | 'provisionedConcurrency' | 'environment'
>;

/** How the container finds the code that the archive has. */
const OURS = ['SAGEMAKER_PROGRAM', 'SAGEMAKER_SUBMIT_DIRECTORY'];

const DEFAULTS = { memoryMiB: 2048, maxConcurrency: 5 };

/** Forms of the service model. */
const NAME = /^[a-zA-Z0-9](?:-*[a-zA-Z0-9])*$/;
const ROLE = /^(?:arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+|[\w+=,.@-]{1,64})$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const VARIABLE = /^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/;
const MAX_VALUE = 1024;
const MAX_VARIABLES = 100;

/**
 * What the config says and the command line over it, with our defaults. Throws `SAGEMAKER_NAME_MISSING`, `SAGEMAKER_ROLE_NEEDED`,
 * and `SAGEMAKER_SETTING` with all that AWS would refuse, before it is asked anything.
 */
export function resolveEndpoint(
  config: Pick<PublishConfig, 'bucket' | 'tags'>,
  sagemaker: SagemakerConfig,
  environment: Readonly<Record<string, string>>,
): EndpointSettings {
  const { endpoint, role } = sagemaker;
  if (endpoint === undefined) throw new SlimError('SAGEMAKER_NAME_MISSING', []);
  if (role === undefined) throw new SlimError('SAGEMAKER_ROLE_NEEDED', [endpoint]);
  const settings: EndpointSettings = {
    endpoint,
    role,
    bucket: config.bucket ?? null,
    image: sagemaker.image ?? null,
    memoryMiB: sagemaker.memoryMiB ?? DEFAULTS.memoryMiB,
    maxConcurrency: sagemaker.maxConcurrency ?? DEFAULTS.maxConcurrency,
    provisionedConcurrency: sagemaker.provisionedConcurrency ?? null,
    environment: { ...environment, ...sagemaker.environment },
    tags: config.tags ?? {},
  };
  const problems = [...findNames(settings), ...findContainer(settings)];
  if (problems.length > 0) throw new SlimError('SAGEMAKER_SETTING', [problems]);
  return settings;
}

/** Throws `SAGEMAKER_SETTING` for what a config says of the container and AWS, or the archive, would not bear. */
export function checkContainer(
  sagemaker: SagemakerConfig,
  environment: EndpointSettings['environment'],
): void {
  const problems = findContainer({
    memoryMiB: sagemaker.memoryMiB ?? DEFAULTS.memoryMiB,
    maxConcurrency: sagemaker.maxConcurrency ?? DEFAULTS.maxConcurrency,
    provisionedConcurrency: sagemaker.provisionedConcurrency ?? null,
    environment: { ...environment, ...sagemaker.environment },
  });
  if (problems.length > 0) throw new SlimError('SAGEMAKER_SETTING', [problems]);
}

function findContainer(settings: ContainerSettings): readonly string[] {
  return [...findSizes(settings), ...findVariables(settings)];
}

function findNames({ endpoint, role, bucket, image, tags }: EndpointSettings): readonly string[] {
  const { sagemakerNameCharacters: most } = limits;
  return keep([
    (endpoint.length > most || !NAME.test(endpoint)) &&
      `the endpoint name ${endpoint} has to have 1 to ${most} letters, digits and "-", none of these at an end`,
    !ROLE.test(role) && `the role ${role} is neither a name nor the ARN of a role`,
    bucket !== null && !BUCKET.test(bucket) && `${bucket} is no name of a bucket`,
    image !== null && (/\s/.test(image) || image.length > 255) && `${image} is no URI of an image`,
    // One more is ours.
    Object.keys(tags).length >= limits.tags && `a model may have ${limits.tags} tags, one of which is ours`,
  ]);
}

function findSizes(settings: Omit<ContainerSettings, 'environment'>): readonly string[] {
  const { memoryMiB, maxConcurrency, provisionedConcurrency } = settings;
  const { sagemakerMemoryStepMiB: step, sagemakerMemoryMaxMiB: max, sagemakerConcurrency: most } = limits;
  const isCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= most;
  return keep([
    (memoryMiB % step !== 0 || memoryMiB < step || memoryMiB > max) &&
      `the memory size has to be ${step} to ${max} MiB in steps of ${step}, not ${memoryMiB}`,
    !isCount(maxConcurrency) && `the most concurrent calls have to be 1 to ${most}, not ${maxConcurrency}`,
    provisionedConcurrency !== null &&
      (!isCount(provisionedConcurrency) || provisionedConcurrency > maxConcurrency) &&
      `the provisioned concurrency has to be 1 to the most concurrent calls, which are ${maxConcurrency}, not ${provisionedConcurrency}`,
  ]);
}

/** No value of a variable is in what it gives. */
function findVariables({ environment }: Pick<ContainerSettings, 'environment'>): readonly string[] {
  const entries = Object.entries(environment);
  return keep([
    entries.length > MAX_VARIABLES && `a container may have ${MAX_VARIABLES} variables`,
    ...OURS.map(
      name =>
        name in environment &&
        `the variable ${name} is lambda-slim's to set, since it says where the code lies`,
    ),
    ...entries.map(
      ([name, value]) =>
        (!VARIABLE.test(name) || value.length > MAX_VALUE) &&
        `the variable ${name.slice(0, 64)} has a name that SageMaker does not take, or a value over ${MAX_VALUE} characters`,
    ),
  ]);
}

function keep(problems: readonly (string | false)[]): readonly string[] {
  return problems.filter(problem => problem !== false);
}
