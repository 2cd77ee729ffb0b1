import type { InputSpec, Rgb } from './model-spec.ts';

/** Scales and normalises RGB bytes into the numbers that the model takes, in its layout. */
export function toTensor(rgb: Uint8Array, input: InputSpec): Float32Array {
  const pixels = input.height * input.width;
  const tensor = new Float32Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const at = input.layout === 'NCHW' ? channel * pixels + pixel : pixel * 3 + channel;
      const value = (rgb[pixel * 3 + channel] ?? 0) * input.scale;
      tensor[at] = (value - pick(input.mean, channel)) / pick(input.std, channel);
    }
  }
  return tensor;
}

function pick(rgb: Rgb, channel: number): number {
  return rgb[channel] ?? 0;
}

/** The shape of that tensor: a batch of one picture. */
export function shapeOf({ layout, height, width }: InputSpec): readonly number[] {
  return layout === 'NCHW' ? [1, 3, height, width] : [1, height, width, 3];
}
