import sharp, { type Metadata, type Sharp } from 'sharp';
import type { InputSpec } from './model-spec.ts';
import { padToSize } from './pad-to-size.ts';
import { isRefusal, refuse } from './refusal.ts';

// Strangers' files reach only the loaders of everyday pictures: no SVG, PDF or whatever else libvips can read.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Heif', 'Jpeg', 'Nsgif', 'Png', 'Tiff', 'Webp'].map(format => `VipsForeignLoad${format}`),
});
// Each picture is seen once.
sharp.cache(false);

/** 8,000 × 8,000; a small file can claim far more than fits into memory. */
const MAX_PIXELS = 64_000_000;

const WHITE = '#ffffff';

/** Triangle filter over all source pixels, as Pillow's and torchvision's "bilinear" that models are trained with. */
const FILTER = { kernel: 'linear', fastShrinkOnLoad: false } as const;

/**
 * Decodes a picture, upright, transparent parts white, and fits it to the model's size.
 * Returns RGB bytes, row by row; throws a refusal for what is no picture.
 */
export async function decodeImage(bytes: Uint8Array, input: InputSpec): Promise<Uint8Array> {
  try {
    const { autoOrient } = await readHeader(bytes);
    const upright = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .flatten({ background: WHITE });
    const fitted = fit(upright, autoOrient, input).toColourspace('srgb').raw({ depth: 'uchar' });
    const { data, info } = await fitted.toBuffer({ resolveWithObject: true });
    return padToSize({ data, width: info.width, height: info.height }, input);
  } catch (error) {
    if (isRefusal(error)) throw error;
    throw refuse(
      'NOT_AN_IMAGE',
      'This is no picture that can be read: JPEG, PNG, WebP, GIF, TIFF or AVIF.',
      error,
    );
  }
}

/** Reads width and height before a pixel is decoded. */
async function readHeader(bytes: Uint8Array): Promise<Metadata> {
  const header = await sharp(bytes, { limitInputPixels: false }).metadata();
  if (header.width * header.height <= MAX_PIXELS) return header;
  throw refuse(
    'IMAGE_TOO_LARGE',
    `A picture has at most ${MAX_PIXELS} pixels; this is ${header.width} × ${header.height}.`,
  );
}

function fit(image: Sharp, source: Metadata['autoOrient'], { resize, width, height }: InputSpec): Sharp {
  switch (resize.kind) {
    case 'contain':
      return image.resize(width, height, { ...FILTER, fit: 'inside' });
    case 'cover':
      return image.resize(width, height, { ...FILTER, fit: 'cover' });
    case 'crop':
      // Cropping first is the same picture, and a ribbon of a picture is never blown up.
      return image
        .extract(centre(source, width / resize.shortestSide, height / resize.shortestSide))
        .resize(width, height, { ...FILTER, fit: 'fill' });
  }
}

/** The middle of a picture, its sides given as shares of the shorter side. */
function centre(source: Metadata['autoOrient'], widthShare: number, heightShare: number) {
  const shortest = Math.min(source.width, source.height);
  const width = Math.max(1, Math.round(shortest * widthShare));
  const height = Math.max(1, Math.round(shortest * heightShare));
  return {
    left: Math.floor((source.width - width) / 2),
    top: Math.floor((source.height - height) / 2),
    width,
    height,
  };
}
