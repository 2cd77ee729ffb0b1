import { FLAG_REF, type Marshalled, readMarshal } from './read-marshal.ts';

const REFERENCE = 'r'.charCodeAt(0);
const SETS: readonly number[] = [...'<>'].map(type => type.charCodeAt(0));

/**
 * Writes the marshalled code of a module as the same bytes each time. Python numbers every object that somebody else holds at that
 * moment, such as a name that is used elsewhere too, and orders sets by that and by addresses; here the numbers are for what does
 * stand twice, and sets are in the order of their members' bytes. Throws an `Error` where `data` is not marshalled code.
 */
export function settleMarshal(data: Buffer, version: string): Buffer {
  const chunks: Uint8Array[] = [];
  writeObject(readMarshal(data, version), chunks, new Map());
  return Buffer.concat(chunks);
}

function writeObject(value: Marshalled, chunks: Uint8Array[], numbers: Map<Marshalled, number>): void {
  const number = numbers.get(value);
  if (number !== undefined) {
    const reference = Buffer.alloc(5);
    reference.writeUInt8(REFERENCE);
    reference.writeUInt32LE(number, 1);
    chunks.push(reference);
    return;
  }
  const isShared = value.uses > 1;
  if (isShared) numbers.set(value, numbers.size);
  chunks.push(Buffer.of(isShared ? value.type | FLAG_REF : value.type));
  for (const part of inOrder(value)) {
    if (part instanceof Uint8Array) chunks.push(part);
    else writeObject(part, chunks, numbers);
  }
}

function inOrder({ type, parts }: Marshalled): Marshalled['parts'] {
  if (!SETS.includes(type)) return parts;
  const [size, ...members] = parts;
  const keyed = members.map(part => ({ part, key: bytesOf(part) }));
  keyed.sort((a, b) => Buffer.compare(a.key, b.key));
  return [...(size ? [size] : []), ...keyed.map(({ part }) => part)];
}

/** An object without numbers, so that equal ones have equal bytes. */
function bytesOf(part: Buffer | Marshalled): Buffer {
  if (part instanceof Uint8Array) return part;
  return Buffer.concat([Buffer.of(part.type), ...inOrder(part).map(bytesOf)]);
}
