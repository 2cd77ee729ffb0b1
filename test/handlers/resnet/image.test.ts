import sharp from 'sharp';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeImage } from '../../../src/handlers/resnet/image.ts';
import type { InputSpec } from '../../../src/handlers/resnet/model-spec.ts';
import { refuses } from './refuses.ts';
import { readSample, readSpec } from './samples.ts';

const RED = { r: 255, g: 0, b: 0 };
const BLUE = { r: 0, g: 0, b: 255 };
const GREEN = { r: 0, g: 255, b: 0 };

/** A picture of one colour. */
function plain(width: number, height: number, background: object, channels: 3 | 4 = 3) {
  return sharp({ create: { width, height, channels, background } });
}

/** 40 × 20: the left half red, the right half blue. */
async function twoHalves() {
  const right = await plain(20, 20, BLUE).png().toBuffer();
  return plain(40, 20, RED).composite([{ input: right, left: 20, top: 0 }]);
}

async function spec(input: Partial<InputSpec> = {}): Promise<InputSpec> {
  return (await readSpec(input)).input;
}

function pixel(rgb: Uint8Array, x: number, y: number, width = 32): readonly number[] {
  return [...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
}

/** JPEG is not exact. */
function near(found: readonly number[], expected: readonly number[], tolerance = 4): void {
  const isNear = found.every((value, channel) => Math.abs(value - (expected[channel] ?? NaN)) <= tolerance);
  assert.ok(isNear, `expected ${expected}, found ${found}`);
}

for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
  test(`reads ${format}`, async () => {
    const bytes = await plain(50, 50, { r: 10, g: 200, b: 100 }).toFormat(format).toBuffer();
    const rgb = await decodeImage(bytes, await spec());
    assert.is(rgb.length, 32 * 32 * 3);
    near(pixel(rgb, 16, 16), [10, 200, 100], 8);
  });
}

test('a sample is as it was for the model: a boot on black', async () => {
  const rgb = await decodeImage(await readSample('ankle-boot.jpg'), await spec());
  near(pixel(rgb, 0, 0), [0, 0, 0], 40);
  assert.ok(rgb.some(value => value > 100));
});

test('the EXIF orientation turns the picture before it is fitted', async () => {
  // 6: the camera was held upright, so that red, on the left of the file, is at the top.
  const bytes = await (await twoHalves()).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
  const rgb = await decodeImage(bytes, await spec());
  near(pixel(rgb, 16, 2), [255, 0, 0], 20);
  near(pixel(rgb, 16, 29), [0, 0, 255], 20);
});

test('the EXIF orientation turns the picture before it is cropped', async () => {
  const bytes = await (await twoHalves()).withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
  const rgb = await decodeImage(bytes, await spec({ resize: { kind: 'crop', shortestSide: 32 } }));
  near(pixel(rgb, 16, 2), [255, 0, 0], 20);
  near(pixel(rgb, 16, 29), [0, 0, 255], 20);
});

test('transparent parts become white', async () => {
  const bytes = await plain(64, 64, { r: 255, g: 0, b: 0, alpha: 0 }, 4).png().toBuffer();
  assert.equal(pixel(await decodeImage(bytes, await spec()), 16, 16), [255, 255, 255]);
});

test('grey, 16-bit and CMYK pictures become RGB', async () => {
  const grey = { r: 128, g: 128, b: 128 };
  const files = [
    await plain(64, 64, grey).toColourspace('b-w').png().toBuffer(),
    await plain(64, 64, { ...grey, alpha: 1 }, 4)
      .toColourspace('b-w')
      .png()
      .toBuffer(),
    await plain(64, 64, grey).toColourspace('rgb16').png().toBuffer(),
    await plain(64, 64, grey).toColourspace('cmyk').jpeg().toBuffer(),
  ];
  for (const file of files) {
    const rgb = await decodeImage(file, await spec());
    assert.is(rgb.length, 32 * 32 * 3);
    // CMYK goes there and back through profiles of ink.
    near(pixel(rgb, 16, 16), [128, 128, 128], 16);
  }
});

test('contain: the whole picture, in the middle of its border colour', async () => {
  const thing = await plain(40, 10, RED).png().toBuffer();
  const bytes = await plain(80, 40, GREEN)
    .composite([{ input: thing }])
    .png()
    .toBuffer();
  const rgb = await decodeImage(bytes, await spec());
  assert.equal(pixel(rgb, 0, 0), [0, 255, 0]);
  assert.equal(pixel(rgb, 31, 31), [0, 255, 0]);
  assert.equal(pixel(rgb, 16, 16), [255, 0, 0]);
});

test('contain: the border colour is that of most of the border', async () => {
  const thing = await plain(20, 40, RED).png().toBuffer();
  const bytes = await plain(80, 40, BLUE)
    .composite([{ input: thing, left: 30, top: 0 }])
    .png()
    .toBuffer();
  assert.equal(pixel(await decodeImage(bytes, await spec()), 16, 2), [0, 0, 255]);
});

test('contain: a small picture grows, a ribbon keeps at least one line', async () => {
  assert.equal(
    pixel(await decodeImage(await plain(2, 2, RED).png().toBuffer(), await spec()), 0, 0),
    [255, 0, 0],
  );
  const ribbon = await plain(8000, 1, RED).png().toBuffer();
  assert.is((await decodeImage(ribbon, await spec())).length, 32 * 32 * 3);
});

test('cover: fills the size and loses the sides', async () => {
  const rgb = await decodeImage(
    await (await twoHalves()).png().toBuffer(),
    await spec({ resize: { kind: 'cover' }, width: 16, height: 32 }),
  );
  assert.is(rgb.length, 16 * 32 * 3);
  assert.equal(pixel(rgb, 0, 0, 16), [255, 0, 0]);
  assert.equal(pixel(rgb, 15, 31, 16), [0, 0, 255]);
});

test('shortest side then centre crop: keeps size/side of the shorter side', async () => {
  const middle = await plain(112, 112, RED).png().toBuffer();
  const bytes = await plain(512, 128, GREEN)
    .composite([{ input: middle }])
    .png()
    .toBuffer();
  const input = await spec({ resize: { kind: 'crop', shortestSide: 256 }, width: 224, height: 224 });
  const rgb = await decodeImage(bytes, input);
  assert.is(rgb.length, 224 * 224 * 3);
  for (const [x, y] of [
    [1, 1],
    [222, 1],
    [1, 222],
    [222, 222],
  ] as const) {
    assert.equal(pixel(rgb, x, y, 224), [255, 0, 0]);
  }
});

test('what is no picture is refused', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  );
  const pdf = Buffer.from('%PDF-1.4\n');
  for (const bytes of [svg, pdf, Buffer.from('hello'), Buffer.alloc(0)]) {
    const refusal = await refuses(decodeImage(bytes, await spec()), 'NOT_AN_IMAGE');
    assert.is(refusal.status, 400);
  }
});

test('a picture that breaks off is refused', async () => {
  const whole = await readSample('ankle-boot.jpg');
  await refuses(decodeImage(whole.subarray(0, whole.length >> 1), await spec()), 'NOT_AN_IMAGE');
});

test('a picture that claims too many pixels is refused by its header', async () => {
  const bytes = Buffer.from(await readSample('ankle-boot.jpg'));
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  assert.ok(frame > 0);
  bytes.writeUInt16BE(60_000, frame + 5); // height, in the frame header of JPEG
  bytes.writeUInt16BE(60_000, frame + 7); // width
  const refusal = await refuses(decodeImage(bytes, await spec()), 'IMAGE_TOO_LARGE');
  assert.is(refusal.status, 413);
});

test.run();
