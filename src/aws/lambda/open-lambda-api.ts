import type { LambdaApi, Patience } from '../types.ts';
import { createAlias, readAlias, updateAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import { invoke, start } from './invoke.ts';
import {
  deleteLayerVersion,
  isLayerShared,
  listLayerVersions,
  listUsedLayers,
  readLayerVersion,
} from './layers.ts';
import { openPatientLambda, type PatientLambda } from './open-lambda.ts';
import { addPermission, listPermissions } from './permissions.ts';
import { putProvisioned, readProvisioned, waitUntilProvisioned } from './provisioned.ts';
import { publishLayer } from './publish-layer.ts';
import { readConfiguration, readFunction } from './read-function.ts';
import { toDeployed } from './to-deployed.ts';
import { tag, updateCode, updateConfiguration } from './update-function.ts';
import { createUrl, readUrl, updateUrl } from './urls.ts';
import { listVersions, publishVersion } from './versions.ts';
import { waitUntilReady } from './wait-until-settled.ts';

/** Opens Lambda's API for the account and region that `env` says; nothing is asked of AWS yet. */
export async function openLambdaApi(
  env: Readonly<Record<string, string | undefined>>,
  patience: Patience,
): Promise<LambdaApi> {
  const on = await openPatientLambda(env, patience);
  return { ...functionCalls(on), ...releaseCalls(on), ...layerCalls(on), ...frontCalls(on) };
}

function functionCalls(on: PatientLambda) {
  const { signal, pollMs, waitMs } = on.patience;
  return {
    readFunction: name => readFunction(on, name),
    readConfiguration: (name, qualifier) => readConfiguration(on, name, qualifier),
    createFunction: request => createFunction(on, request),
    updateCode: (name, code, arch) => updateCode(on, name, code, arch),
    updateConfiguration: (name, changes) => updateConfiguration(on, name, changes),
    waitUntilReady: async name =>
      toDeployed(await waitUntilReady(on.call, name, { signal, pollMs, timeoutMs: waitMs })),
    tag: (arn, tags) => tag(on, arn, tags),
    invoke: (name, event) => invoke(on, name, event),
    start: (name, event) => start(on, name, event),
  } satisfies Partial<LambdaApi>;
}

function releaseCalls(on: PatientLambda) {
  return {
    listVersions: name => listVersions(on, name),
    publishVersion: (name, codeSha256, revisionId) => publishVersion(on, name, codeSha256, revisionId),
    readAlias: (name, alias) => readAlias(on, name, alias),
    createAlias: (name, alias) => createAlias(on, name, alias),
    updateAlias: (name, alias) => updateAlias(on, name, alias),
    readProvisioned: (name, qualifier) => readProvisioned(on, name, qualifier),
    putProvisioned: (name, qualifier, count) => putProvisioned(on, name, qualifier, count),
    waitUntilProvisioned: (name, qualifier) => waitUntilProvisioned(on, name, qualifier),
  } satisfies Partial<LambdaApi>;
}

function layerCalls(on: PatientLambda) {
  return {
    listLayerVersions: layer => listLayerVersions(on, layer),
    readLayerVersion: arn => readLayerVersion(on, arn),
    publishLayer: layer => publishLayer(on, layer),
    deleteLayerVersion: (layer, version) => deleteLayerVersion(on, layer, version),
    isLayerShared: (layer, version) => isLayerShared(on, layer, version),
    listUsedLayers: () => listUsedLayers(on),
  } satisfies Partial<LambdaApi>;
}

function frontCalls(on: PatientLambda) {
  return {
    readUrl: (name, qualifier) => readUrl(on, name, qualifier),
    createUrl: (name, qualifier, settings) => createUrl(on, name, qualifier, settings),
    updateUrl: (name, qualifier, settings) => updateUrl(on, name, qualifier, settings),
    listPermissions: (name, qualifier) => listPermissions(on, name, qualifier),
    addPermission: (name, qualifier, permission) => addPermission(on, name, qualifier, permission),
  } satisfies Partial<LambdaApi>;
}
