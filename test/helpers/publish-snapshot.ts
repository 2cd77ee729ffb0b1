import type { AwsStub } from './aws-stub/aws-stub.ts';
import type { LayerVersionState, VersionState } from './aws-stub/lambda/state.ts';

type State = AwsStub['state'];

/** All of an account that publishing makes, without what chance or the clock decides, and without numbers of layer versions. */
export function snapshot({ functions, roles, buckets, httpApis }: State): unknown {
  return {
    functions: [...functions.values()].map(fn => ({
      name: fn.name,
      latest: describe(fn.latest),
      versions: fn.versions.map(describe),
      aliases: [...fn.aliases.values()].map(({ revisionId: _, ...alias }) => alias),
      tags: Object.keys(fn.tags).sort(),
      policies: [...fn.policies].map(([qualifier, statements]) => [
        qualifier,
        statements.map(({ Sid, ...rest }) => withoutIds({ ...rest, Sid }, httpApis)),
      ]),
      urls: [...fn.urls].map(([qualifier, { AuthType, InvokeMode, Cors }]) => [
        qualifier,
        { AuthType, InvokeMode, Cors: Cors ?? {} },
      ]),
      provisioned: [...fn.provisioned].map(([qualifier, { requested }]) => [qualifier, requested]),
    })),
    roles: [...roles.values()].map(({ name, trust, tags, inline }) => [name, trust, [...tags], [...inline]]),
    objects: [...buckets.values()].map(({ objects }) => [...objects.keys()].sort()),
    httpApis: [...httpApis.values()].map(api => [
      api.name,
      api.tags,
      api.corsConfiguration,
      [...api.integrations.values()].map(({ integrationUri }) => integrationUri),
      [...api.routes.values()].map(({ routeKey }) => routeKey).sort(),
      [...api.stages.values()],
    ]),
  };
}

function describe({ version, settings, layers, code }: VersionState): unknown {
  return { version, settings, code: code.sha256, layers: layers.map(contentOf) };
}

/** Name and content of a layer version. */
function contentOf({ arn, code }: LayerVersionState): string {
  return `${arn.split(':')[6]} ${code.sha256}`;
}

/** An HTTP API gets another id each time. */
function withoutIds(statement: object, httpApis: State['httpApis']): unknown {
  const text = [...httpApis.keys()].reduce(
    (all, id) => all.replaceAll(id, '<api>'),
    JSON.stringify(statement),
  );
  return JSON.parse(text) as unknown;
}

/** What `$LATEST` of a function was, after each change: digest of the code, and contents of the layers. */
export function historyOf({ functions, layers, foreignLayers }: State, name: string): readonly string[] {
  const known = [...layers.values()].flatMap(({ versions }) => [...versions.values()]);
  const contents = new Map([...known, ...foreignLayers.values()].map(layer => [layer.arn, contentOf(layer)]));
  return (functions.get(name)?.history ?? []).map(({ codeSha256, layers: arns }) =>
    [codeSha256, ...arns.map(arn => contents.get(arn) ?? arn)].join(' | '),
  );
}
