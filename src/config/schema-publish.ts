import { z } from 'zod';
import { limits } from '../platform/limits.ts';
import { EFS_FOLLOWS, EFS_WAYS } from '../publish-config.ts';
import { PUBLISH_TARGETS } from '../publish-types.ts';
import { sagemakerShape } from './schema-sagemaker.ts';

const text = z.string().min(1);
const texts = z.array(text);

const cors = z.strictObject({ origins: texts, methods: texts, headers: texts });

const MOUNT = 'expected /mnt/ and one name of letters, digits, "-", "_" and ".", such as /mnt/ml';
const FOLDER = 'expected a relative path of letters, digits, "-", "_" and ".", such as classify';
const VARIABLE = 'a variable has two or more letters, digits and "_", a letter first';

/** The keys of `publish.efs`. */
export const efsShape = {
  accessPoint: text.optional(),
  mount: z
    .string()
    .regex(/^\/mnt\/[a-zA-Z0-9-_.]+$/, MOUNT)
    .refine(value => !/\/\.{1,2}$/.test(value) && value.length <= limits.mountPathCharacters, MOUNT)
    .optional(),
  folder: z
    .string()
    .regex(/^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/, FOLDER)
    .optional(),
  files: texts.optional(),
  environment: z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]+$/, VARIABLE), z.string()).optional(),
  follow: z.enum(EFS_FOLLOWS).optional(),
  via: z.enum(EFS_WAYS).optional(),
  bucket: text.optional(),
  prefix: text.optional(),
  keep: z.int().min(1).optional(),
  syncFunction: text.optional(),
  copyRole: text.optional(),
};

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
  efs: z.strictObject(efsShape).optional(),
  sagemaker: z.strictObject(sagemakerShape).optional(),
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
