import type { Api, Reply } from './types.ts';

/** What can go wrong between a client and a function. */
export type Failure = 'function-failed' | 'malformed' | 'timed-out' | 'request-too-large' | 'event-too-large';

type Words = readonly [status: number, body: string];

const REST_ERROR: Words = [502, '{"message": "Internal server error"}'];
const HTTP_ERROR: Words = [500, '{"message":"Internal Server Error"}'];
const URL_ERROR: Words = [502, 'Internal Server Error'];

/** Status and body, word for word where a recording of the service was found. */
const WORDS: Readonly<Record<Api, Readonly<Record<Failure, Words>>>> = {
  http: {
    'function-failed': HTTP_ERROR,
    malformed: HTTP_ERROR,
    'timed-out': [503, '{"message":"Service Unavailable"}'],
    'request-too-large': [413, '{"message":"Request Entity Too Large"}'],
    'event-too-large': [413, '{"message":"Request Too Long"}'],
  },
  rest: {
    'function-failed': REST_ERROR,
    malformed: REST_ERROR,
    'timed-out': [504, '{"message": "Endpoint request timed out"}'],
    'request-too-large': [413, '{"message": "Request Too Long"}'],
    'event-too-large': [413, '{"message": "Request Too Long"}'],
  },
  url: {
    'function-failed': URL_ERROR,
    malformed: URL_ERROR,
    'timed-out': URL_ERROR,
    'request-too-large': [413, '{"Message":"Request Too Long"}'],
    'event-too-large': [413, '{"Message":"Request Too Long"}'],
  },
};

/** What the gateway says to its client when it has no answer of the function to pass on. */
export function failureReply(api: Api, failure: Failure, why: string): Reply {
  const [status, body] = WORDS[api][failure];
  const type = body.startsWith('{') ? 'application/json' : 'text/plain';
  return { status, headers: [['content-type', type]], body: Buffer.from(body, 'utf8'), why };
}
