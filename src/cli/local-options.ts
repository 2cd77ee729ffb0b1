import { ISOLATION_CHOICES } from '../lambda/types.ts';
import { limits } from '../platform/limits.ts';
import { choice, platformOptions, positive, repeated, single, tmpOption } from './options.ts';

/** `/mnt/ml=./models`: where the function sees a folder, and the folder. */
export interface MountArg {
  readonly path: string;
  readonly folder: string;
}

function parseMount(values: string | readonly string[]): MountArg {
  const value = typeof values === 'string' ? values : (values.at(-1) as string);
  const [, path, folder] = /^(\/mnt\/[a-zA-Z0-9-_.]+)=(.+)$/.exec(value) ?? [];
  if (!path || !folder || path.length > limits.mountPathCharacters || /\/\.{1,2}$/.test(path))
    throw new Error(`--mount has to be /mnt/<name>=<folder>, not ${value}`);
  return { path, folder };
}

/** The last value of a name counts. */
function parseEnvironment(values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    values.map(value => {
      const at = value.indexOf('=');
      if (at < 1) throw new Error(`--env has to be NAME=value, not ${value}`);
      return [value.slice(0, at), value.slice(at + 1)];
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
  timeout: positive('timeout', 'Seconds until the function is stopped [default: 30]'),
  memory: positive('memory', 'Memory size, MiB [default: 1024]'),
  tmp: tmpOption,
  isolation: choice('How it is kept apart from this machine [default: auto]', ISOLATION_CHOICES),
  container: { type: 'boolean', describe: "Run it in Lambda's image with Docker" },
  image: single("Image to run it in, instead of Lambda's own"),
  'runtime-packages': single('Folder of packages that the runtime brings, such as the AWS SDK'),
} as const;
