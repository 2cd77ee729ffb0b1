const DESCRIPTION = /^lambda-slim sha256=([0-9a-f]{64}) unzipped=(\d+)$/;

/** Says by its content what a layer version is; the form is read again by `readLayerDescription`. */
export function describeLayer(sha256: string, unzippedBytes: number): string {
  return `lambda-slim sha256=${sha256} unzipped=${unzippedBytes}`;
}

/** Content and unzipped bytes of a layer version that publishing made; null for others. */
export function readLayerDescription(
  text: string,
): { readonly sha256: string; readonly unzippedBytes: number } | null {
  const [, sha256, bytes] = DESCRIPTION.exec(text) ?? [];
  return sha256 === undefined ? null : { sha256, unzippedBytes: Number(bytes) };
}
