import io
import struct
import unittest
import zlib

from handler_common.decode_image import MAX_PIXELS, decode_image
from PIL import Image
from support import code_of, read_sample

RED, BLUE = (255, 0, 0), (0, 0, 255)


def save(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def two_colours() -> Image.Image:
    """64 × 32: its left half is red, its right half blue."""
    image = Image.new("RGB", (64, 32), RED)
    image.paste(BLUE, (32, 0, 64, 32))
    return image


def is_near(found, wanted) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(found, wanted, strict=True))


def huge_png(width: int, height: int) -> bytes:
    """A file of some bytes that claims a size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


class Decodes(unittest.TestCase):
    def test_each_format(self) -> None:
        forms = ["JPEG", "PNG", "WEBP", "GIF", "TIFF"]
        if "AVIF" in Image.OPEN:
            forms.append("AVIF")
        for form in forms:
            with self.subTest(form):
                image = decode_image(save(two_colours(), form))
                self.assertEqual((image.mode, image.size), ("RGB", (64, 32)))
                self.assertTrue(is_near(image.getpixel((8, 16)), RED))
                self.assertTrue(is_near(image.getpixel((56, 16)), BLUE))

    def test_a_picture_is_turned_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # It has to be turned right.
        image = decode_image(save(two_colours(), "JPEG", exif=exif))
        self.assertEqual(image.size, (32, 64))
        self.assertTrue(is_near(image.getpixel((16, 8)), RED))
        self.assertTrue(is_near(image.getpixel((16, 56)), BLUE))

    def test_broken_exif_does_not_matter(self) -> None:
        image = decode_image(save(two_colours(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"))
        self.assertEqual(image.size, (64, 32))

    def test_transparent_parts_are_white(self) -> None:
        whole = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
        half = Image.new("LA", (8, 8), (0, 128))
        palette = Image.new("P", (8, 8), 3)
        self.assertEqual(decode_image(save(whole, "PNG")).getpixel((4, 4)), (255, 255, 255))
        self.assertTrue(is_near(decode_image(save(half, "PNG")).getpixel((4, 4)), (127, 127, 127)))
        transparent = save(palette, "GIF", transparency=3)
        self.assertEqual(decode_image(transparent).getpixel((4, 4)), (255, 255, 255))

    def test_sixteen_bits_of_grey_are_scaled(self) -> None:
        grey = Image.frombytes("I;16", (4, 4), struct.pack("<16H", *[0x8080] * 16))
        for form in ("PNG", "TIFF"):
            self.assertEqual(decode_image(save(grey, form)).getpixel((1, 1)), (128, 128, 128), form)

    def test_other_colours(self) -> None:
        self.assertTrue(
            is_near(decode_image(save(two_colours().convert("CMYK"), "JPEG")).getpixel((8, 16)), RED)
        )
        self.assertEqual(
            decode_image(save(Image.new("1", (4, 4), 1), "PNG")).getpixel((1, 1)), (255, 255, 255)
        )
        self.assertEqual(decode_image(save(Image.new("L", (4, 4), 7), "PNG")).getpixel((1, 1)), (7, 7, 7))

    def test_the_first_frame_counts(self) -> None:
        frames = [Image.new("RGB", (8, 8), BLUE)]
        for form in ("GIF", "PNG", "WEBP", "TIFF"):
            data = save(Image.new("RGB", (8, 8), RED), form, save_all=True, append_images=frames)
            self.assertTrue(is_near(decode_image(data).getpixel((4, 4)), RED), form)


class Refuses(unittest.TestCase):
    def test_what_is_no_picture(self) -> None:
        for data in (
            b"",
            b"hello",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"GIF89a",
            b"II*\x00",
            b"<svg/>",
            b"%PDF-1.4",
        ):
            self.assertEqual(code_of(lambda: decode_image(data)), "NOT_AN_IMAGE", data)

    def test_other_formats_that_pillow_knows(self) -> None:
        for form in ("BMP", "PPM", "TGA", "ICO", "EPS", "PCX"):
            self.assertEqual(code_of(lambda: decode_image(save(two_colours(), form))), "NOT_AN_IMAGE", form)

    def test_a_picture_that_breaks_off(self) -> None:
        sample = read_sample("ankle-boot.jpg")
        self.assertEqual(code_of(lambda: decode_image(sample[: len(sample) // 2])), "NOT_AN_IMAGE")
        for form in ("PNG", "WEBP", "TIFF", "GIF"):
            data = save(two_colours(), form)
            self.assertEqual(code_of(lambda: decode_image(data[: len(data) // 2])), "NOT_AN_IMAGE", form)

    def test_a_picture_with_a_wrong_byte_raises_nothing_else(self) -> None:
        for form in ("JPEG", "PNG", "WEBP", "GIF", "TIFF"):
            whole = save(two_colours(), form)
            for at in range(0, len(whole), max(1, len(whole) // 150)):
                broken = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
                try:
                    decode_image(broken)
                except Exception as error:
                    self.assertIn(
                        type(error).__name__, ("NOT_AN_IMAGE", "IMAGE_TOO_LARGE"), f"{form} {at}: {error!r}"
                    )

    def test_a_small_file_that_claims_too_many_pixels(self) -> None:
        for width, height in ((8001, 8000), (20_000, 20_000)):
            self.assertGreater(width * height, MAX_PIXELS)
            self.assertEqual(code_of(lambda: decode_image(huge_png(width, height))), "IMAGE_TOO_LARGE")
