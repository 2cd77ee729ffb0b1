import { z } from 'zod';
import { FRAMEWORKS } from '../platform/sagemaker-images.ts';

const text = z.string().min(1);
/** Paths in the artifact: they stay inside. */
const inner = text.regex(
  /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\0]+$/,
  'expected a path inside of the function',
);

/** The keys of `publish.sagemaker` in a config; what AWS bounds is looked at when it is published, with the command line. */
export const sagemakerShape = {
  endpoint: text.optional(),
  framework: z.enum(FRAMEWORKS).optional(),
  version: text.optional(),
  image: text.optional(),
  role: text.optional(),
  memoryMiB: z.int().optional(),
  maxConcurrency: z.int().optional(),
  provisionedConcurrency: z.int().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  model: inner.optional(),
  call: z.enum(['http', 'plain']).optional(),
  serving: inner.regex(/\.py$/, 'expected a Python file').optional(),
};
