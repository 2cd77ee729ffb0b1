/** Things of an HTTP API in the words of its API, which begin with a small letter. */
export interface Integration {
  readonly integrationId: string;
  readonly integrationType: string;
  readonly integrationUri: string;
  readonly payloadFormatVersion: string;
  readonly timeoutInMillis: number;
}

export interface Route {
  readonly routeId: string;
  readonly routeKey: string;
  /** `integrations/abc`. */
  readonly target?: string;
}

export interface Stage {
  readonly stageName: string;
  readonly autoDeploy: boolean;
}

export interface HttpApiState {
  readonly apiId: string;
  name: string;
  description: string;
  corsConfiguration: object | null;
  readonly created: string;
  tags: Record<string, string>;
  readonly integrations: Map<string, Integration>;
  readonly routes: Map<string, Route>;
  readonly stages: Map<string, Stage>;
}
