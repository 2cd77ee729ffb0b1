/** An object of a marshal stream: its type, what follows it, and how often it stands in the stream. */
export interface Marshalled {
  readonly type: number;
  /** Bytes as they are, and objects inside this one, in their order. */
  readonly parts: readonly (Buffer | Marshalled)[];
  uses: number;
}

/** Of a type byte: the object may be meant by its number later on. */
export const FLAG_REF = 0x80;

/** How many 4-byte numbers and objects a code object has, in the order in which marshal writes them. */
type CodeLayout = readonly ('number' | 'object')[];

const repeat = <T>(item: T, times: number): readonly T[] => Array.from({ length: times }, () => item);

/** `w_complex_object` in Python/marshal.c of the versions 3.8 to 3.10, and of 3.11 and later. */
const OLD_LAYOUT: CodeLayout = [
  ...repeat('number' as const, 6),
  ...repeat('object' as const, 8),
  'number',
  'object',
];
const NEW_LAYOUT: CodeLayout = [
  ...repeat('number' as const, 5),
  ...repeat('object' as const, 8),
  'number',
  ...repeat('object' as const, 2),
];
const FIRST_NEW_MINOR = 11;

/** Types that are followed by this many bytes. */
const FIXED_BYTES: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...'0NFTS.'].map(type => [type, 0])),
  i: 4,
  g: 8,
  y: 16,
};

/**
 * Reads what Python's `marshal` wrote for a module's code; `version` is Python's, such as `3.12`. Throws an `Error` where the bytes
 * are anything else.
 */
export function readMarshal(data: Buffer, version: string): Marshalled {
  const reader = new Reader(data, Number(version.split('.')[1]) < FIRST_NEW_MINOR ? OLD_LAYOUT : NEW_LAYOUT);
  const value = reader.object();
  if (!reader.isAtEnd()) throw new Error('bytes follow the object');
  return value;
}

class Reader {
  readonly #data: Buffer;
  readonly #layout: CodeLayout;
  readonly #numbered: Marshalled[] = [];
  #at = 0;

  constructor(data: Buffer, layout: CodeLayout) {
    this.#data = data;
    this.#layout = layout;
  }

  isAtEnd(): boolean {
    return this.#at === this.#data.length;
  }

  object(): Marshalled {
    const byte = this.#take(1).readUInt8();
    const type = byte & ~FLAG_REF;
    const name = String.fromCharCode(type);
    if (name === 'r') return this.#refer(this.#take(4).readUInt32LE());
    const parts: (Buffer | Marshalled)[] = [];
    const value: Marshalled = { type, parts, uses: 1 };
    // Numbers are given before what is inside has its own.
    if (byte & FLAG_REF) this.#numbered.push(value);
    this.#readParts(name, parts);
    return value;
  }

  #refer(number: number): Marshalled {
    const value = this.#numbered[number];
    if (!value) throw new Error(`no object has the number ${number}`);
    value.uses++;
    return value;
  }

  #readParts(type: string, parts: (Buffer | Marshalled)[]): void {
    const fixed = FIXED_BYTES[type];
    if (fixed !== undefined) parts.push(this.#take(fixed));
    else if ('sutaA'.includes(type)) parts.push(this.#sized(4, count => count));
    else if ('zZ'.includes(type)) parts.push(this.#sized(1, count => count));
    else if (type === 'l') parts.push(this.#sized(4, digits => 2 * Math.abs(digits)));
    else if (type === ')') this.#readItems(1, parts);
    else if ('([<>'.includes(type)) this.#readItems(4, parts);
    else if (type === ':') for (let i = 0; i < 3; i++) parts.push(this.object());
    else if (type === 'c') this.#readCode(parts);
    else throw new Error(`unknown type ${JSON.stringify(type)}`);
  }

  /** A size and what it is of. */
  #sized(width: 1 | 4, toBytes: (size: number) => number): Buffer {
    const size = this.#peekSize(width);
    return this.#take(width + toBytes(size));
  }

  #readItems(width: 1 | 4, parts: (Buffer | Marshalled)[]): void {
    const count = this.#peekSize(width);
    parts.push(this.#take(width));
    for (let i = 0; i < count; i++) parts.push(this.object());
  }

  #readCode(parts: (Buffer | Marshalled)[]): void {
    for (const field of this.#layout) parts.push(field === 'number' ? this.#take(4) : this.object());
  }

  #peekSize(width: 1 | 4): number {
    return width === 1 ? this.#data.readUInt8(this.#at) : this.#data.readInt32LE(this.#at);
  }

  #take(bytes: number): Buffer {
    const part = this.#data.subarray(this.#at, this.#at + bytes);
    if (part.length !== bytes) throw new Error('it ends too early');
    this.#at += bytes;
    return part;
  }
}
