import type { IncomingHttpHeaders } from 'node:http';
import type { AccountState } from './state.ts';

export type ServiceName =
  | 'lambda'
  | 's3'
  | 'iam'
  | 'apigateway'
  | 'sts'
  | 'sagemaker'
  | 'elasticfilesystem'
  | 'datasync'
  | 'presigned';

/** A request that was routed. */
export interface Call {
  readonly operation: string;
  /** Names in braces in the path of the operation, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export type Answer = (call: Call, state: AccountState) => Reply | Promise<Reply>;

/** One operation of a service: where it is found, and what it does. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** `/2015-03-31/functions/{FunctionName}/code`; `{Key+}` takes slashes too. */
  readonly path: string;
  /** Parameters of the query that tell it from others with the same path: `uploads`, `find=LayerVersion`. */
  readonly when: string | null;
  readonly isWrite: boolean;
  readonly answer: Answer;
}

export interface Service {
  readonly name: ServiceName;
  /** The query protocol names its operation in the body. */
  readonly operations: readonly Operation[];
  /** What it is about: a function, a layer, an object. */
  readonly target: (call: Call) => string;
  readonly toReply: (refusal: Refusal) => Reply;
  readonly throttled: Refusal;
  readonly broken: Refusal;
  /** Something else is done with the same thing just now. */
  readonly conflict: Refusal;
}

/** What a service answers instead of doing what it was asked for. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the answer. */
  readonly facts: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, facts: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.facts = facts;
  }
}

/** Says where an operation is; one that is not a GET or a HEAD writes, unless it is said not to. */
export function operation(
  name: string,
  route: string,
  answer: Answer,
  { isWrite = !/^(GET|HEAD) /.test(route) }: { isWrite?: boolean } = {},
): Operation {
  const [method = '', rest = ''] = route.split(' ');
  const [path = '', when = null] = rest.split('?');
  return { name, method, path, when, isWrite, answer };
}

export function json(status: number, body: object): Reply {
  return { status, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

export const NOTHING: Reply = { status: 204 };
