import { z } from 'zod';
import { readData } from './read-data.ts';

const limit = z.strictObject({ value: z.int().positive(), source: z.string() });
const names = [
  'zippedBytes',
  'unzippedBytes',
  'requestBytes',
  'eventBytes',
  'asyncEventBytes',
  'responseBytes',
  'layers',
  'environmentBytes',
  'timeoutSeconds',
  'memoryMinMiB',
  'memoryMaxMiB',
  'tmpMinMiB',
  'tmpMaxMiB',
  'initSeconds',
  'mountPathCharacters',
  'httpApiSeconds',
  'restApiSeconds',
  'gatewayPayloadBytes',
  'gatewayHeaderBytes',
  'handlerCharacters',
  'descriptionCharacters',
  'licenseCharacters',
  'subnets',
  'securityGroups',
  'tags',
  'tagKeyCharacters',
  'tagValueCharacters',
  'urlMethodCharacters',
  'sagemakerDiskBytes',
  'sagemakerImageBytes',
  'sagemakerPayloadBytes',
  'sagemakerMemoryStepMiB',
  'sagemakerMemoryMaxMiB',
  'sagemakerConcurrency',
  'sagemakerNameCharacters',
  'sagemakerStartSeconds',
  'sagemakerInvokeSeconds',
] as const;
export type LimitName = (typeof names)[number];

const data = readData(
  'limits.json',
  z.strictObject({ source: z.string(), limits: z.record(z.enum(names), limit) }),
);

/** Quotas of Lambda, and of SageMaker Serverless Inference, by name, in the unit that the name says; `limits.json` has the source of each. */
export const limits: Readonly<Record<LimitName, number>> = Object.fromEntries(
  names.map(name => [name, data.limits[name].value]),
) as Record<LimitName, number>;
