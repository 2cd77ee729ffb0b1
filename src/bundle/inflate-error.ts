/** Says that bytes are no zstd frame, or none of the size that was agreed. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
}
