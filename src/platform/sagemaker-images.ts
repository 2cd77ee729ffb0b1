import { z } from 'zod';
import { SlimError } from '../errors.ts';
import { readData } from './read-data.ts';

export const FRAMEWORKS = ['pytorch', 'tensorflow'] as const;
/** What runs the model in a container of SageMaker's: TorchServe, or TensorFlow Serving. */
export type Framework = (typeof FRAMEWORKS)[number];

const names = z.array(z.string()).readonly();
const system = z.strictObject({ glibc: z.string(), glibcxx: z.string(), cxxabi: z.string() });
const family = z.strictObject({
  repository: z.string(),
  default: z.string(),
  versions: z.record(z.string(), z.strictObject({ tag: z.string(), python: z.string(), system: z.string() })),
  provides: names,
  modules: names,
});
const data = readData(
  'sagemaker-images.json',
  z.strictObject({
    sources: z.record(z.string(), z.string()),
    domains: z.record(z.string(), z.string()),
    accounts: z.record(z.string(), z.string().regex(/^\d{12}$/)),
    systems: z.record(z.string(), system),
    frameworks: z.record(z.enum(FRAMEWORKS), family),
  }),
);

/** One of AWS's images for inference on CPUs, x86_64 all of them. */
export interface SagemakerImage {
  readonly framework: Framework;
  /** `2.6.0`. */
  readonly version: string;
  /** `pytorch-inference:2.6.0-cpu-py312`. */
  readonly name: string;
  /** Minor of its Python: `3.12`. */
  readonly python: string;
  /** The C and C++ libraries of its system. */
  readonly system: { readonly glibc: string; readonly glibcxx: string; readonly cxxabi: string };
  /** Distributions, by normalised name, that code in it need not bring. */
  readonly provides: readonly string[];
  /** The modules of them that code imports. */
  readonly modules: readonly string[];
}

/** Finds an image by its version, `2.6.0` or `2.6`; null means the default. Throws `SAGEMAKER_IMAGE_UNKNOWN` with those that are known. */
export function findSagemakerImage(framework: Framework, version: string | null): SagemakerImage {
  const { repository, default: newest, versions, provides, modules } = data.frameworks[framework];
  const known = Object.keys(versions);
  const wanted = version ?? newest;
  const found = known.filter(each => each === wanted || each.startsWith(`${wanted}.`)).at(-1);
  const image = found === undefined ? undefined : versions[found];
  const libraries = data.systems[image?.system ?? ''];
  if (found === undefined || image === undefined || libraries === undefined)
    throw new SlimError('SAGEMAKER_IMAGE_UNKNOWN', [framework, wanted, known]);
  return {
    framework,
    version: found,
    name: `${repository}:${image.tag}`,
    python: image.python,
    system: libraries,
    provides,
    modules,
  };
}

/** Where SageMaker takes an image from in a region. Throws `SAGEMAKER_REGION_UNKNOWN` with the regions that are known. */
export function toImageUri({ name }: SagemakerImage, region: string): string {
  const account = data.accounts[region];
  if (account === undefined)
    throw new SlimError('SAGEMAKER_REGION_UNKNOWN', [region, Object.keys(data.accounts)]);
  const domain = Object.entries(data.domains).find(([start]) => region.startsWith(start))?.[1];
  return `${account}.dkr.ecr.${region}.${domain ?? 'amazonaws.com'}/${name}`;
}
