import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { invalid, readInput, readName } from './input.ts';
import { toArn } from './models.ts';
import type { ServerlessState } from './state.ts';

interface Variant {
  readonly VariantName: string;
  readonly ModelName: string;
  readonly ServerlessConfig?: ServerlessState;
}

export function createEndpointConfig(call: Call, state: AccountState): Reply {
  const input = readInput(call, ['EndpointConfigName', 'ProductionVariants', 'Tags']);
  const name = readName(input, 'EndpointConfigName');
  const { configs, models } = state.sagemaker;
  const arn = toArn(state, 'endpoint-config', name);
  if (configs.has(name)) throw invalid(`Cannot create already existing endpoint configuration "${arn}".`);
  const [variant, ...more] = input.ProductionVariants as readonly Variant[];
  if (!variant || more.length > 0) throw invalid('[stub] A serverless endpoint has one variant.');
  if (!models.has(variant.ModelName))
    throw invalid(`Could not find model "${toArn(state, 'model', variant.ModelName)}".`);
  if (variant.ServerlessConfig) checkServerless(variant.ServerlessConfig);
  configs.set(name, { name, model: variant.ModelName, serverless: variant.ServerlessConfig ?? null });
  return json(200, { EndpointConfigArn: arn });
}

export function describeEndpointConfig(call: Call, state: AccountState): Reply {
  const name = readName(readInput(call, ['EndpointConfigName']), 'EndpointConfigName');
  const arn = toArn(state, 'endpoint-config', name);
  const config = state.sagemaker.configs.get(name);
  if (!config) throw invalid(`Could not find endpoint configuration "${arn}".`);
  const { model, serverless } = config;
  const variant = { VariantName: 'AllTraffic', ModelName: model, ServerlessConfig: serverless ?? undefined };
  return json(200, {
    EndpointConfigName: name,
    EndpointConfigArn: arn,
    ProductionVariants: [variant],
    CreationTime: 0,
  });
}

/** Moto takes any. */
function checkServerless(config: ServerlessState): void {
  const { MemorySizeInMB: memory, MaxConcurrency: most, ProvisionedConcurrency: provisioned } = config;
  if (![1024, 2048, 3072, 4096, 5120, 6144].includes(memory))
    throw invalid(`[stub] MemorySizeInMB ${memory} is not one of 1024, 2048, 3072, 4096, 5120, 6144`);
  if (!(most >= 1 && most <= 200))
    throw invalid(
      `1 validation error detected: Value '${most}' at 'productionVariants.1.member.serverlessConfig.maxConcurrency' failed to satisfy constraint: Member must have value less than or equal to 200`,
    );
  if (provisioned !== undefined && !(provisioned >= 1 && provisioned <= most))
    throw invalid('[stub] ProvisionedConcurrency must be less than or equal to MaxConcurrency');
}
