import { type Call, Refusal } from '../types.ts';

type Shape = Readonly<Record<string, unknown>>;

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** The members of a request; one that the stub does not know is a mistake of ours. */
export function readInput(call: Call, known: readonly string[]): Shape {
  const input = JSON.parse(call.body.toString()) as Shape;
  const strange = Object.keys(input).filter(name => !known.includes(name));
  if (strange.length > 0)
    throw new Refusal(501, 'NotImplemented', `[stub] does not know ${strange.join(', ')}`);
  return input;
}

/** A name that has to be one of SageMaker's form. */
export function readName(input: Shape, member: string): string {
  const name = String(input[member] ?? '');
  const field = member[0]?.toLowerCase() + member.slice(1);
  if (name.length > 63 || !NAME.test(name))
    throw invalid(
      `1 validation error detected: Value '${name}' at '${field}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`,
    );
  return name;
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'ValidationException', message);
}
