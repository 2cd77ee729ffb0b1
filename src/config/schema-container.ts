import { z } from 'zod';
import { ENGINES } from '../container/types.ts';

const PACKAGE = 'expected the name of a package, such as "gcc-gfortran"';
const VARIABLE = 'expected the name of a variable, such as "HUGGINGFACE_TOKEN"';
const LIBRARY = 'expected the name of a library, such as "libgomp.so.1"';
const NETWORK = 'expected the name of a network, such as "host"';
const CPUS = 'expected a number of CPUs above 0';
const MEMORY = 'expected a whole number of MiB from 64 on';
const TIMEOUT = 'expected a whole number of seconds from 1 to 86400';

/** What package managers could take for an option, a file, a pattern or (a name with `-` behind it) a wish to remove, is no name. */
const packageName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9+._:~=-]*[A-Za-z0-9+])?$/, PACKAGE);
const libraryName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9+._-]*\.so(?:\.[A-Za-z0-9.]+)?$/, LIBRARY);

/** The section `container`. */
export const containerShape = {
  engine: z.enum(ENGINES).optional(),
  packages: z.array(packageName).optional(),
  environment: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, VARIABLE)).optional(),
  network: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, NETWORK)
    .optional(),
  cpus: z.number(CPUS).gt(0, CPUS).optional(),
  memoryMiB: z.int(MEMORY).min(64, MEMORY).optional(),
  timeoutSeconds: z.int(TIMEOUT).min(1, TIMEOUT).max(86_400, TIMEOUT).optional(),
  vendorLibraries: z.union([z.literal(true), z.array(libraryName)]).optional(),
};
