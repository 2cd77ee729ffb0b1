import { presign } from '../presigned-url.ts';
import type { AccountState } from '../state.ts';
import { type Call, json, type Reply } from '../types.ts';
import { describe, describeBriefly } from './describe.ts';
import { findFunction, findVersion, type Named } from './find.ts';
import { check } from './members.ts';
import { toPage } from './pages.ts';
import { look } from './progress.ts';
import type { FunctionState, VersionState } from './state.ts';

export function getFunction(call: Call, state: AccountState): Reply {
  const { fn, version, qualifier } = lookAt(call, state);
  const { code, settings } = version;
  const path = `awslambda-${state.region}-tasks/snapshots/${state.accountId}/${fn.name}-${Buffer.from(code.sha256, 'base64').toString('hex')}`;
  const hidden = state.behaviour.denied.includes('ListTags');
  const tags = { Tags: fn.tags };
  const refused = {
    TagsError: { ErrorCode: 'AccessDeniedException', Message: '[stub] no right to lambda:ListTags' },
  };
  return json(200, {
    Configuration: describe(fn, version, qualifier),
    Code:
      settings.PackageType === 'Image'
        ? { RepositoryType: 'ECR', ImageUri: 'image', ResolvedImageUri: 'image@sha256:0' }
        : { RepositoryType: 'S3', Location: presign(state, path, code.zip) },
    ...(hidden ? refused : Object.keys(fn.tags).length > 0 ? tags : {}),
  });
}

export function getFunctionConfiguration(call: Call, state: AccountState): Reply {
  const { fn, version, qualifier } = lookAt(call, state);
  return json(200, describe(fn, version, qualifier));
}

function lookAt(call: Call, state: AccountState): Named & { readonly version: VersionState } {
  const { fn, qualifier } = findFunction(call, state);
  look(fn);
  return { fn, qualifier, version: findVersion(fn, qualifier) };
}

export function listFunctions(call: Call, state: AccountState): Reply {
  const which = call.query.get('FunctionVersion') ?? undefined;
  check('functionVersion', which, { values: ['ALL'] });
  const versions = (fn: FunctionState): readonly VersionState[] =>
    which === 'ALL' ? [fn.latest, ...fn.versions] : [fn.latest];
  const all = [...state.functions.values()].flatMap(fn => versions(fn).map(version => ({ fn, version })));
  const [page, NextMarker] = toPage(all, call, state.behaviour.pageItems);
  const Functions = page.map(({ fn, version }) =>
    describeBriefly(fn, version, which === 'ALL' ? version.version : null),
  );
  return json(200, { Functions, NextMarker });
}

/** The quotas as they are for everybody; what is in use is counted. */
export function getAccountSettings(_call: Call, state: AccountState): Reply {
  const functions = [...state.functions.values()];
  const codes = functions.flatMap(fn => [fn.latest, ...fn.versions]).map(({ code }) => code.zip.length);
  return json(200, {
    AccountLimit: {
      TotalCodeSize: 322_122_547_200,
      CodeSizeUnzipped: 262_144_000,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: 1000,
      UnreservedConcurrentExecutions: 1000,
    },
    AccountUsage: {
      TotalCodeSize: codes.reduce((sum, bytes) => sum + bytes, 0),
      FunctionCount: functions.length,
    },
  });
}
