/** RGB bytes, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Puts a picture into the middle of a larger one that is filled with the colour of its border. */
export function padToSize(
  picture: Pixels,
  size: { readonly width: number; readonly height: number },
): Uint8Array {
  const { data, width, height } = picture;
  if (width === size.width && height === size.height) return data;
  const padded = new Uint8Array(size.width * size.height * 3);
  const colour = findBorderColour(picture);
  for (let at = 0; at < padded.length; at += 3) padded.set(colour, at);
  const left = Math.floor((size.width - width) / 2);
  const top = Math.floor((size.height - height) / 2);
  for (let row = 0; row < height; row++) {
    const line = data.subarray(row * width * 3, (row + 1) * width * 3);
    padded.set(line, ((top + row) * size.width + left) * 3);
  }
  return padded;
}

/** The median of each channel along the edge: a thing that touches the edge somewhere does not tint it. */
export function findBorderColour({ data, width, height }: Pixels): readonly number[] {
  const edge = Array.from({ length: width * height }, (_, pixel) => pixel).filter(pixel => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  return [0, 1, 2].map(channel => median(edge.map(pixel => data[pixel * 3 + channel] ?? 0)));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
