import { json, operation, Refusal, type Reply, type Service } from '../types.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases.ts';
import { createFunction } from './create-function.ts';
import { invoke } from './invoke.ts';
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  getLayerVersionPolicy,
  publishLayerVersion,
} from './layers.ts';
import { listLayers, listLayerVersions } from './list-layers.ts';
import { addPermission, getPolicy, removePermission } from './policy.ts';
import { deleteProvisioned, getProvisioned, listProvisioned, putProvisioned } from './provisioned.ts';
import { listVersions, publishVersion } from './publish-version.ts';
import { getAccountSettings, getFunction, getFunctionConfiguration, listFunctions } from './read-function.ts';
import { conflict } from './refusals.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function.ts';
import { createUrl, deleteUrl, getUrl, updateUrl } from './urls.ts';

const FN = '/2015-03-31/functions/{FunctionName}';
const LAYERS = '/2018-10-31/layers';
const VERSION = `${LAYERS}/{LayerName}/versions/{VersionNumber}`;
const PROVISIONED = '/2019-09-30/functions/{FunctionName}/provisioned-concurrency';
const URL = '/2021-10-31/functions/{FunctionName}/url';
const TAGS = '/2017-03-31/tags/{Resource}';

export const lambda: Service = {
  name: 'lambda',
  operations: [
    operation('CreateFunction', 'POST /2015-03-31/functions', createFunction),
    operation('ListFunctions', 'GET /2015-03-31/functions', listFunctions),
    operation('GetFunction', `GET ${FN}`, getFunction),
    operation('GetFunctionConfiguration', `GET ${FN}/configuration`, getFunctionConfiguration),
    operation('UpdateFunctionCode', `PUT ${FN}/code`, updateFunctionCode),
    operation('UpdateFunctionConfiguration', `PUT ${FN}/configuration`, updateFunctionConfiguration),
    operation('PublishVersion', `POST ${FN}/versions`, publishVersion),
    operation('ListVersionsByFunction', `GET ${FN}/versions`, listVersions),
    operation('CreateAlias', `POST ${FN}/aliases`, createAlias),
    operation('ListAliases', `GET ${FN}/aliases`, listAliases),
    operation('GetAlias', `GET ${FN}/aliases/{Name}`, getAlias),
    operation('UpdateAlias', `PUT ${FN}/aliases/{Name}`, updateAlias),
    operation('DeleteAlias', `DELETE ${FN}/aliases/{Name}`, deleteAlias),
    operation('AddPermission', `POST ${FN}/policy`, addPermission),
    operation('GetPolicy', `GET ${FN}/policy`, getPolicy),
    operation('RemovePermission', `DELETE ${FN}/policy/{StatementId}`, removePermission),
    operation('Invoke', `POST ${FN}/invocations`, invoke, { isWrite: false }),
    operation('PublishLayerVersion', `POST ${LAYERS}/{LayerName}/versions`, publishLayerVersion),
    operation('ListLayerVersions', `GET ${LAYERS}/{LayerName}/versions`, listLayerVersions),
    operation('ListLayers', `GET ${LAYERS}`, listLayers),
    operation('GetLayerVersionByArn', `GET ${LAYERS}?find=LayerVersion`, getLayerVersionByArn),
    operation('GetLayerVersion', `GET ${VERSION}`, getLayerVersion),
    operation('DeleteLayerVersion', `DELETE ${VERSION}`, deleteLayerVersion),
    operation('GetLayerVersionPolicy', `GET ${VERSION}/policy`, getLayerVersionPolicy),
    operation('TagResource', `POST ${TAGS}`, tagResource),
    operation('UntagResource', `DELETE ${TAGS}`, untagResource),
    operation('ListTags', `GET ${TAGS}`, listTags),
    operation('CreateFunctionUrlConfig', `POST ${URL}`, createUrl),
    operation('UpdateFunctionUrlConfig', `PUT ${URL}`, updateUrl),
    operation('GetFunctionUrlConfig', `GET ${URL}`, getUrl),
    operation('DeleteFunctionUrlConfig', `DELETE ${URL}`, deleteUrl),
    operation('PutProvisionedConcurrencyConfig', `PUT ${PROVISIONED}`, putProvisioned),
    operation('GetProvisionedConcurrencyConfig', `GET ${PROVISIONED}`, getProvisioned),
    operation('ListProvisionedConcurrencyConfigs', `GET ${PROVISIONED}?List=ALL`, listProvisioned),
    operation('DeleteProvisionedConcurrencyConfig', `DELETE ${PROVISIONED}`, deleteProvisioned),
    operation('GetAccountSettings', 'GET /2016-08-19/account-settings', getAccountSettings),
  ],
  target({ params, query, body, operation }) {
    if (operation === 'CreateFunction') return nameIn(body);
    return params.FunctionName ?? params.LayerName ?? params.Resource ?? query.get('Arn') ?? '';
  },
  toReply: toJsonError,
  throttled: new Refusal(429, 'TooManyRequestsException', 'Rate exceeded', {
    Reason: 'CallerRateLimitExceeded',
  }),
  broken: new Refusal(500, 'ServiceException', 'An error occurred and the request cannot be processed.'),
  conflict: conflict(
    'The operation cannot be performed at this time. An update is in progress for resource: [stub] another',
  ),
};

/** A body that is no JSON names nothing. */
function nameIn(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString()) as { FunctionName?: string }).FunctionName);
  } catch {
    return '';
  }
}

export function toJsonError({ status, code, message, facts }: Refusal): Reply {
  const reply = json(status, {
    Type: status < 500 ? 'User' : 'Service',
    message,
    Message: message,
    ...facts,
  });
  return { ...reply, headers: { ...reply.headers, 'x-amzn-ErrorType': code } };
}
