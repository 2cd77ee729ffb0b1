import unittest

from handler_common.fit_image import border_colour, fit_image
from handler_common.model_spec import Contain, Crop, InputSpec
from PIL import Image

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def fit(image: Image.Image, resize, width: int = 8, height: int = 8) -> Image.Image:
    return fit_image(image, InputSpec(height, width, resize, 1.0, (0.0,) * 3, (1.0,) * 3))


def three_thirds() -> Image.Image:
    """90 × 30: red, green and blue beside each other."""
    image = Image.new("RGB", (90, 30), GREEN)
    image.paste(RED, (0, 0, 30, 30))
    image.paste(BLUE, (60, 0, 90, 30))
    return image


class Fits(unittest.TestCase):
    def test_contain_keeps_all_and_fills_with_the_border(self) -> None:
        image = Image.new("RGB", (80, 40), RED)
        image.paste(BLUE, (25, 12, 55, 28))
        found = fit(image, Contain())
        self.assertEqual(found.size, (8, 8))
        self.assertEqual((found.getpixel((0, 0)), found.getpixel((7, 7))), (RED, RED))
        red, _, blue = found.getpixel((4, 4))
        self.assertGreater(blue, red)

    def test_a_picture_of_the_size_is_left_alone(self) -> None:
        image = Image.new("RGB", (8, 8), RED)
        image.putpixel((3, 4), BLUE)
        for resize in (Contain(), Crop(None), Crop(8)):
            self.assertEqual(fit(image, resize).tobytes(), image.tobytes())

    def test_cover_takes_the_middle(self) -> None:
        found = fit(three_thirds(), Crop(None))
        self.assertEqual({found.getpixel((x, 4)) for x in range(8)}, {GREEN})

    def test_cover_of_another_shape(self) -> None:
        found = fit(three_thirds(), Crop(None), width=24, height=8)
        self.assertEqual(
            (found.getpixel((1, 4)), found.getpixel((12, 4)), found.getpixel((22, 4))), (RED, GREEN, BLUE)
        )

    def test_crop_takes_the_middle_of_the_middle(self) -> None:
        image = Image.new("RGB", (64, 64), RED)
        image.paste(GREEN, (8, 8, 56, 56))
        found = fit(image, Crop(8), 6, 6)
        self.assertEqual(found.getcolors(), [(36, GREEN)])

    def test_ribbons(self) -> None:
        for size in ((1, 3000), (3000, 1), (1, 1), (2, 3)):
            for resize in (Contain(), Crop(None), Crop(16)):
                self.assertEqual(fit(Image.new("RGB", size, RED), resize).size, (8, 8))

    def test_the_colour_of_the_border_is_a_median(self) -> None:
        image = Image.new("RGB", (10, 10), GREEN)
        image.paste(BLUE, (0, 0, 10, 3))
        self.assertEqual(border_colour(image), GREEN)
        for size in ((1, 1), (1, 5), (5, 1), (2, 2)):
            self.assertEqual(border_colour(Image.new("RGB", size, RED)), RED)
