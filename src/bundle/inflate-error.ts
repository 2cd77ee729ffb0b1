/** Says that bytes are no zstd frame, or none of the size that was agreed. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}

/** What decoders say of it is a number, or means nothing to most. */
export const DAMAGED = 'its content is not what was compressed';
