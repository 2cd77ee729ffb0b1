import { z } from 'zod';
import { PUBLISH_TARGETS } from '../publish-types.ts';

const text = z.string().min(1);
const texts = z.array(text);

const cors = z.strictObject({ origins: texts, methods: texts, headers: texts });

/** The keys of `publish` in a config; what AWS bounds is looked at when it is published, with the command line. */
export const publishShape = {
  functionName: text.optional(),
  target: z.enum(PUBLISH_TARGETS).optional(),
  description: z.string().optional(),
  role: text.optional(),
  bucket: text.optional(),
  storage: z.enum(['copy', 'reference']).optional(),
  version: z.boolean().optional(),
  alias: text.optional(),
  provisionedConcurrency: z.int().min(1).optional(),
  layers: z
    .strictObject({
      files: texts.optional(),
      environment: z.record(z.string(), z.string()).optional(),
      attach: texts.optional(),
    })
    .optional(),
  url: z
    .union([
      z.boolean(),
      z.strictObject({
        auth: z.enum(['none', 'iam']).optional(),
        mode: z.enum(['buffer', 'stream']).optional(),
        cors: cors.nullable().optional(),
      }),
    ])
    .optional(),
  httpApi: z
    .union([z.boolean(), z.strictObject({ routes: texts.optional(), cors: cors.nullable().optional() })])
    .optional(),
  vpc: z.strictObject({ subnetIds: texts, securityGroupIds: texts }).optional(),
  tags: z.record(text, z.string()).optional(),
};
