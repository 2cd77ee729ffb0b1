"""With moto in the place of S3: AWS_ENDPOINT_URL and credentials come from the one who runs this."""

import hashlib
import io
import json
import random
import unittest

import boto3
import torch
from network import DigitNetwork
from PIL import Image, ImageDraw, ImageFont, ImageOps
from read_digit import to_tensor
from sandbox import event_of, start
from support import read_event

BUCKET = "models"
# Pillow's letters were these alone until 10.1.
BITMAP_FONT = getattr(ImageFont, "load_default_imagefont", ImageFont.load_default)()


def draw(digit: int, source: random.Random) -> Image.Image:
    """A digit in light on dark, somewhat moved and turned, of Pillow's own letters."""
    letter = Image.new("L", (11, 11))
    ImageDraw.Draw(letter).text((3, 0), str(digit), fill=255, font=BITMAP_FONT)
    large = letter.resize((140, 140), Image.Resampling.BICUBIC)
    turned = large.rotate(source.uniform(-8, 8), Image.Resampling.BICUBIC)
    moved = (source.randint(-10, 10), source.randint(-10, 10))
    return turned.transform(turned.size, Image.Transform.AFFINE, (1, 0, moved[0], 0, 1, moved[1])).convert(
        "RGB"
    )


def train() -> dict:
    """The state dict of a network that has learnt these digits."""
    torch.manual_seed(0)
    source = random.Random(0)
    network = DigitNetwork()
    steps = torch.optim.Adam(network.parameters(), 0.002)
    for _ in range(40):
        digits = [source.randrange(10) for _ in range(64)]
        batch = torch.cat([to_tensor(draw(digit, source)) for digit in digits])
        steps.zero_grad()
        torch.nn.functional.cross_entropy(network(batch), torch.tensor(digits)).backward()
        steps.step()
    return network.state_dict()


def save(value: object) -> bytes:
    out = io.BytesIO()
    torch.save(value, out)
    return out.getvalue()


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class StateDict(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.weights = save(train())
        cls.s3 = boto3.client("s3")
        cls.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        cls.put("digits v1/mnist+cnn.pt", cls.weights)
        cls.url = f"s3://{BUCKET}/digits%20v1/mnist%2Bcnn.pt"

    @classmethod
    def put(cls, key: str, data: bytes) -> None:
        cls.s3.put_object(Bucket=BUCKET, Key=key, Body=data)

    def test_reads_digits(self) -> None:
        source = random.Random(7)
        with start(MODEL_URL=self.url) as ask:
            for digit in range(10):
                answer = ask(event_of(png(draw(digit, source))))
                self.assertEqual((answer["prediction"], list(answer)), (digit, ["prediction", "probability"]))
                self.assertGreater(answer["probability"], 0.5)

    def test_ink_on_paper_is_the_same(self) -> None:
        image = draw(4, random.Random(1))
        with start(MODEL_URL=self.url) as ask:
            self.assertEqual(ask(event_of(png(image))), ask(event_of(png(ImageOps.invert(image)))))

    def test_base64_json_in_and_a_number_out_by_api_gateway(self) -> None:
        with start(MODEL_URL=self.url) as ask:
            for name in ("rest-v1-post-digit", "http-v2-post-digit", "function-url-post-digit"):
                answer = ask(read_event(f"state-dict-s3/{name}"))
                self.assertEqual(
                    (answer["statusCode"], json.loads(answer["body"])["prediction"]), (200, 7), name
                )
            self.assertEqual(ask(read_event("state-dict-s3/invoke-digit"))["prediction"], 7)

    def test_bad_input_is_told_without_a_model(self) -> None:
        with self.assertLogs("handler_common", "ERROR") as logged, start() as ask:
            event = {**read_event("state-dict-s3/http-v2-post-digit"), "body": '{"image":"*"}'}
            answer = ask(event)
        self.assertEqual(
            (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (400, "BAD_BASE64")
        )
        self.assertIn("MODEL_URL is not set", logged.output[0])

    def test_the_sha256_is_checked(self) -> None:
        event = read_event("state-dict-s3/http-v2-post-digit")
        with start(MODEL_URL=self.url, MODEL_SHA256=hashlib.sha256(self.weights).hexdigest()) as ask:
            self.assertEqual(ask(event)["statusCode"], 200)
        with (
            self.assertLogs("handler_common", "ERROR") as logged,
            start(MODEL_URL=self.url, MODEL_SHA256="0" * 64) as ask,
        ):
            self.assertEqual(ask(event)["statusCode"], 500)
        self.assertIn("expected 0000", logged.output[-1])

    def test_what_is_wrong_with_the_object_is_in_the_log(self) -> None:
        self.put("other.pt", save({"fc.weight": torch.zeros(1)}))
        self.put("no-weights.pt", b"hello")
        for key, told in (("away.pt", "NoSuchKey"), ("other.pt", "Missing key"), ("no-weights.pt", "Error")):
            with (
                self.assertLogs("handler_common", "ERROR") as logged,
                start(MODEL_URL=f"s3://{BUCKET}/{key}") as ask,
            ):
                answer = ask(read_event("state-dict-s3/http-v2-post-digit"))
            self.assertEqual(
                (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (500, "INTERNAL")
            )
            self.assertIn(told, logged.output[-1])

    def test_an_upload_is_found_by_the_next_request(self) -> None:
        event = read_event("state-dict-s3/http-v2-post-digit")
        with self.assertLogs("handler_common", "ERROR"), start(MODEL_URL=f"s3://{BUCKET}/late.pt") as ask:
            self.assertEqual(ask(event)["statusCode"], 500)
            self.put("late.pt", self.weights)
            self.assertEqual(ask(event)["statusCode"], 200)
            self.s3.delete_object(Bucket=BUCKET, Key="late.pt")
            self.assertEqual(ask(event)["statusCode"], 200, "the weights are kept between calls")
