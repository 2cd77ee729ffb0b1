import { z } from 'zod';
import { readData } from './read-data.ts';

const names = z.array(z.string()).readonly();
/** Regular expressions for the whole of a text. */
const patterns = names.transform(list => new RegExp(`^(?:${list.join('|') || '(?!)'})$`));

const instead = z.discriminatedUnion('kind', [
  /** The same package, from an index of builds for the CPU; `local` is the local part of their versions. */
  z.strictObject({
    kind: z.literal('index'),
    name: z.string(),
    url: z.string(),
    local: z.string(),
    /** Packages that have to come from there as well. */
    together: names,
  }),
  /** Another package with the same modules; `sameVersions` where it is published with the same numbers. */
  z.strictObject({ kind: z.literal('package'), package: z.string(), sameVersions: z.boolean() }),
  z.strictObject({ kind: z.literal('nothing') }),
]);

const build = z.strictObject({
  /** Normalised names. */
  packages: patterns,
  /** What tells that it is a build for CUDA; any of these will do. */
  when: z.array(z.enum(['always', 'version', 'files', 'parts', 'x64'])).readonly(),
  /** Files that are there only for GPUs, from the folder that packages are installed into. */
  files: patterns,
  instead,
});

const data = readData(
  'cuda.json',
  z.strictObject({
    source: z.string(),
    parts: z.strictObject({ why: z.string(), names: patterns }),
    builds: z.array(build).readonly(),
  }),
);

/** Packages that are, or may be, built for CUDA, and what does the same without a GPU. */
export type CudaBuild = z.infer<typeof build>;

/** The row of a package, by its normalised name; null for one that no row is about. */
export function cudaBuildOf(name: string): CudaBuild | null {
  return data.builds.find(({ packages }) => packages.test(name)) ?? null;
}

/** True for a package that only builds for CUDA ask for: NVIDIA's libraries, Triton and the like. */
export function isCudaPart(name: string): boolean {
  return cudaBuildOf(name) === null && data.parts.names.test(name);
}
