import type { FunctionState, VersionState } from './state.ts';

/** A configuration as the API tells it; `qualifier` is what was asked for, and is then in the ARN. */
export function describe(fn: FunctionState, version: VersionState, qualifier: string | null = null): object {
  return { ...describeBriefly(fn, version, qualifier), ...describeProgress(fn, version) };
}

/** The same as lists have it, without what is in progress. */
export function describeBriefly(
  fn: FunctionState,
  { settings, layers, code, version, revisionId, modified }: VersionState,
  qualifier: string | null,
): object {
  const { Environment, VpcConfig, ...others } = settings;
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === null ? fn.arn : `${fn.arn}:${qualifier}`,
    Version: version,
    ...others,
    CodeSize: code.zip.length,
    CodeSha256: code.sha256,
    RevisionId: revisionId,
    LastModified: modified,
    ...(Environment ? { Environment: fn.hidesVariables ? KMS_REFUSED : Environment } : {}),
    ...(VpcConfig ? { VpcConfig: { ...VpcConfig, VpcId: VpcConfig.SubnetIds?.length ? 'vpc-1' : '' } } : {}),
    ...(layers.length > 0
      ? { Layers: layers.map(({ arn, code }) => ({ Arn: arn, CodeSize: code.zip.length })) }
      : {}),
  };
}

const KMS_REFUSED = { Error: { ErrorCode: 'AccessDeniedException', Message: 'KMS refused' } };

function describeProgress(fn: FunctionState, { version }: VersionState): object {
  if (version !== '$LATEST') return { State: 'Active', LastUpdateStatus: 'Successful' };
  const failed = { StateReason: fn.failure ?? '', StateReasonCode: 'InternalError' };
  const pending = { StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
  return {
    State: fn.state,
    ...(fn.state === 'Pending' ? pending : fn.state === 'Failed' ? failed : {}),
    LastUpdateStatus: fn.update,
    ...(fn.update === 'InProgress' || fn.update === 'Failed' ? describeUpdate(fn) : {}),
  };
}

function describeUpdate({ update, failure }: FunctionState): object {
  if (update === 'InProgress')
    return {
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    };
  return { LastUpdateStatusReason: failure ?? '', LastUpdateStatusReasonCode: 'InternalError' };
}
