import type { Api, Integration, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import { parseArn } from '../arn.ts';
import { orNothing } from '../aws-cause.ts';
import { readPages } from '../lambda/read-pages.ts';
import { OWN_TAG } from '../own-tag.ts';
import type { HttpApi, HttpApiWanted } from '../types.ts';
import type { Gateway } from './open-gateway.ts';

/** Stage whose name is not part of the URL. */
export const STAGE = '$default';

/** An HTTP API of ours as it is. */
export interface FoundHttpApi {
  readonly api: Partial<Api>;
  readonly integrations: readonly Integration[];
  readonly routes: readonly Route[];
  readonly stage: Partial<Stage> | null;
}

/** Null where there is no API of this name that is ours and made for this function. */
export async function readHttpApi(gateway: Gateway, wanted: HttpApiWanted): Promise<FoundHttpApi | null> {
  const api = await findApi(gateway, wanted);
  if (!api?.ApiId) return null;
  const id = api.ApiId;
  const [integrations, routes, stage] = await Promise.all([
    listIntegrations(gateway, id),
    listRoutes(gateway, id),
    readStage(gateway, id),
  ]);
  return { api, integrations, routes, stage };
}

/** The oldest of several, so that all who look choose the same. */
export async function findApi({ call }: Gateway, wanted: HttpApiWanted): Promise<Api | null> {
  const owner = functionNameOf(wanted.target);
  const all = await readPages<Api>(async marker => {
    const page = await call('Looking for the HTTP API', (gateway, http) =>
      gateway.getApis({ MaxResults: '100', ...(marker ? { NextToken: marker } : {}) }, http),
    );
    return { items: page.Items, next: page.NextToken };
  });
  const ours = all.filter(
    api => api.ProtocolType === 'HTTP' && api.Name === wanted.name && api.Tags?.[OWN_TAG] === owner,
  );
  return ours.toSorted((a, b) => Number(a.CreatedDate) - Number(b.CreatedDate))[0] ?? null;
}

export async function listIntegrations({ call }: Gateway, id: string): Promise<readonly Integration[]> {
  return readPages<Integration>(async marker => {
    const page = await call('Reading the integrations of the HTTP API', (gateway, http) =>
      gateway.getIntegrations({ ApiId: id, ...(marker ? { NextToken: marker } : {}) }, http),
    );
    return { items: page.Items, next: page.NextToken };
  });
}

export async function listRoutes({ call }: Gateway, id: string): Promise<readonly Route[]> {
  return readPages<Route>(async marker => {
    const page = await call('Reading the routes of the HTTP API', (gateway, http) =>
      gateway.getRoutes({ ApiId: id, ...(marker ? { NextToken: marker } : {}) }, http),
    );
    return { items: page.Items, next: page.NextToken };
  });
}

export function readStage({ call }: Gateway, id: string): Promise<Partial<Stage> | null> {
  return orNothing(
    call('Reading the stage of the HTTP API', (gateway, http) =>
      gateway.getStage({ ApiId: id, StageName: STAGE }, http),
    ),
  );
}

export function toHttpApi({ ApiId, Name, ApiEndpoint, Tags }: Partial<Api>): HttpApi {
  return { id: ApiId ?? '', name: Name ?? '', url: ApiEndpoint ?? '', tags: Tags ?? {} };
}

/** Of the ARN of a function, with or without a qualifier. */
export function functionNameOf(target: string): string {
  return parseArn(target).resource.split(':')[1] ?? '';
}
