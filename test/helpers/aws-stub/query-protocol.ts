import { type Answer, type Operation, Refusal, type Reply } from './types.ts';
import { type Xml, xml } from './xml.ts';

/** The parameters of a request whose body is a form, such as IAM's. */
export function readForm(body: Buffer): URLSearchParams {
  return new URLSearchParams(body.toString());
}

/** The same, refusing parameters that the stub does not know; `Tags` stands for all of `Tags.member.1.Key`. */
export function readKnownForm(body: Buffer, known: readonly string[]): URLSearchParams {
  const form = readForm(body);
  const names = ['Action', 'Version', 'RoleName', ...known];
  const strange = [...form.keys()].filter(name => !names.includes(name.split('.')[0] ?? ''));
  if (strange.length === 0) return form;
  throw new Refusal(501, 'NotImplemented', `[stub] does not know ${strange.join(', ')}`);
}

/** `Tags.member.1.Key=a&Tags.member.1.Value=b`. */
export function readTags(form: URLSearchParams): ReadonlyMap<string, string> {
  const keys = [...form].filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name));
  return new Map(keys.map(([name, key]) => [key, form.get(name.replace(/Key$/, 'Value')) ?? '']));
}

/** Operations of the query protocol all lie at `/`; the body says which one is meant. */
export function action(name: string, answer: Answer): Operation {
  return {
    name,
    method: 'POST',
    path: '/',
    when: `Action=${name}`,
    isWrite: !/^(Get|List)/.test(name),
    answer,
  };
}

export function answerAction(
  name: string,
  result: Readonly<Record<string, Xml | readonly Xml[] | undefined>>,
): Reply {
  return xml(200, {
    [`${name}Response`]: { [`${name}Result`]: result, ResponseMetadata: { RequestId: 'stub' } },
  });
}

export function toQueryError({ status, code, message }: Refusal): Reply {
  const Type = status < 500 ? 'Sender' : 'Receiver';
  return xml(status, { ErrorResponse: { Error: { Type, Code: code, Message: message }, RequestId: 'stub' } });
}

export const QUERY_THROTTLED = new Refusal(400, 'Throttling', 'Rate exceeded');
export const QUERY_BROKEN = new Refusal(
  500,
  'ServiceFailure',
  'The request processing has failed because of an unknown error, exception or failure.',
);
export const QUERY_CONFLICT = new Refusal(
  409,
  'ConcurrentModification',
  'The request was rejected because multiple requests to change this object were submitted simultaneously.',
);
