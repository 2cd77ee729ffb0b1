import { ISOLATION_CHOICES } from '../lambda/types.ts';
import { limits } from '../platform/limits.ts';
import { choice, platformOptions, repeated, single, tmpOption, whole } from './options.ts';

/** `/mnt/ml=./models`: where the function sees a folder, and the folder. */
export interface MountArg {
  readonly path: string;
  readonly folder: string;
}

function parseMount(value: string | readonly string[]): MountArg {
  if (typeof value !== 'string') throw new Error('--mount can be given once; Lambda takes no more than one');
  const [, path, folder] = /^(\/mnt\/[a-zA-Z0-9-_.]+)=(.+)$/.exec(value) ?? [];
  if (!path || !folder || path.length > limits.mountPathCharacters || /\/\.{1,2}$/.test(path))
    throw new Error(`--mount has to be /mnt/<name>=<folder>, not ${value}`);
  return { path, folder };
}

/** Of the service model, which is also what the config takes. */
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** The last value of a name counts. */
function parseEnvironment(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map(value => {
      const at = value.indexOf('=');
      if (at < 1) throw new Error(`--env has to be NAME=value, not ${value}`);
      const name = value.slice(0, at);
      if (!VARIABLE.test(name))
        throw new Error(
          `--env: a variable has two or more letters, digits and "_", a letter first, not ${name}`,
        );
      return [name, value.slice(at + 1)];
    }),
  );
}

/** How a function is run on this machine; shared by invoke, serve, verify and bench. */
export const localOptions = {
  handler: single('Handler setting [default: as built, else index.handler]'),
  runtime: platformOptions.runtime,
  layer: repeated('Zip or folder of a layer, in the order they are attached; repeatable'),
  mount: {
    type: 'string',
    requiresArg: true,
    describe: 'EFS folder as /mnt/<name>=<folder>',
    coerce: parseMount,
  },
  env: { ...repeated('Variable of the function as NAME=value; repeatable'), coerce: parseEnvironment },
  timeout: whole('timeout', 'Seconds until it is stopped [default: 30]', 1, limits.timeoutSeconds),
  memory: whole('memory', 'Memory size, MiB [default: 1024]', limits.memoryMinMiB, limits.memoryMaxMiB),
  tmp: tmpOption,
  isolation: choice('How it is kept apart from this machine [default: auto]', ISOLATION_CHOICES),
  container: { type: 'boolean', describe: "Run it in Lambda's image with Docker" },
  image: single("Image to run it in, instead of Lambda's own"),
  'runtime-packages': single('Folder of packages that the runtime brings, such as the AWS SDK'),
} as const;
