"""With moto in the place of S3: AWS_ENDPOINT_URL and credentials come from the one who runs this."""

import hashlib
import io
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import unittest

import boto3
import keras
import numpy
import tensorflow as tf
from PIL import Image
from sandbox import changed_model, differences_from_samples, event_of, start
from support import ROOT, read_event, read_sample, send, serve

HANDLER = "inception-tensorflow"
COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (20, 40, 230), "grey": (128, 128, 128)}
SIDE = 16
FORMS = ("colours", "colours.keras", "colours.tflite", "small.tflite")


def make_pictures(count: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Noisy squares, as the model takes them, and the numbers of their colours."""
    random = numpy.random.default_rng(0)
    labels = random.integers(0, len(COLOURS), count)
    base = numpy.array(list(COLOURS.values()), numpy.float32)[labels][:, None, None, :]
    noisy = base + random.normal(0, 25, (count, SIDE, SIDE, 3)).astype(numpy.float32)
    return (noisy.clip(0, 255) / 127.5 - 1).astype(numpy.float32), labels


def train() -> keras.Model:
    """A small network that has learnt the colours."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(len(COLOURS), activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    pictures, labels = make_pictures(512)
    model.optimizer.learning_rate = 0.02
    model.fit(pictures, labels, epochs=12, verbose=0)
    return model


def write_forms(model: keras.Model, folder: str) -> None:
    """The model in each form that the function takes; `small` is quantised to bytes."""
    model.save(os.path.join(folder, "colours.keras"))
    model.export(os.path.join(folder, "colours"), verbose=False)
    converter = tf.lite.TFLiteConverter.from_saved_model(os.path.join(folder, "colours"))
    write(os.path.join(folder, "colours.tflite"), converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([each[None]] for each in make_pictures(64)[0])
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8
    write(os.path.join(folder, "small.tflite"), converter.convert())
    write(os.path.join(folder, "labels.txt"), "\n".join(COLOURS).encode())


def write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def write_spec(folder: str, file: str) -> str:
    """Write model.json for a form; gives its sha256."""
    files = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            relative = os.path.relpath(path, folder)
            if relative == "labels.txt" or relative == file or relative.startswith(f"{file}{os.sep}"):
                with open(path, "rb") as content:
                    files[relative] = hashlib.sha256(content.read()).hexdigest()
    spec = {
        "file": file,
        "files": files,
        "input": {
            "size": [SIDE, SIDE],
            "resize": "cover",
            "scale": 1 / 127.5,
            "mean": [1, 1, 1],
            "std": [1, 1, 1],
        },
        "labels": "labels.txt",
    }
    data = json.dumps(spec).encode()
    write(os.path.join(folder, "model.json"), data)
    return hashlib.sha256(data).hexdigest()


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), COLOURS[colour]).save(out, "PNG")
    return out.getvalue()


class Trained(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = temporary.name
        cls.model = train()
        write_forms(cls.model, cls.folder)

    def check(self, ask, tolerance: float) -> None:
        for colour, rgb in COLOURS.items():
            best = ask(event_of(picture(colour)))["predictions"]
            batch = numpy.full((1, SIDE, SIDE, 3), numpy.array(rgb) / 127.5 - 1, numpy.float32)
            expected = float(self.model(batch)[0][list(COLOURS).index(colour)])
            self.assertEqual((best[0]["label"], len(best)), (colour, 3))
            self.assertAlmostEqual(best[0]["probability"], expected, delta=tolerance)

    def test_every_form_says_what_the_trained_model_says(self) -> None:
        for file in FORMS:
            write_spec(self.folder, file)
            with self.subTest(file), start(MODEL_DIR=self.folder) as ask:
                self.check(ask, 0.1 if file.startswith("small") else 0.001)

    def test_every_form_from_s3(self) -> None:
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="colours", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for file in FORMS:
            sha256 = write_spec(self.folder, file)
            prefix = file.replace(".", "-")
            for base, _, names in os.walk(self.folder):
                for name in names:
                    path = os.path.join(base, name)
                    s3.upload_file(path, "colours", f"{prefix}/{os.path.relpath(path, self.folder)}")
            with self.subTest(file), start(MODEL_URL=f"s3://colours/{prefix}/", MODEL_SHA256=sha256) as ask:
                self.check(ask, 0.1 if file.startswith("small") else 0.001)
                s3.delete_object(Bucket="colours", Key=f"{prefix}/model.json")
                self.check(ask, 0.1)

    def test_from_https(self) -> None:
        sha256 = write_spec(self.folder, "colours")
        asked = []

        def answer(request) -> None:
            asked.append(request.path)
            with open(os.path.join(self.folder, request.path.removeprefix("/models/")), "rb") as file:
                send(request, 200, {}, file.read())

        certificate, key = os.environ["TEST_CERTIFICATE"], os.environ["TEST_KEY"]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with serve(answer, context) as port:
            url = f"https://localhost:{port}/models"
            with start(MODEL_URL=url, MODEL_SHA256=sha256, SSL_CERT_FILE=certificate) as ask:
                self.check(ask, 0.001)
            self.assertEqual(asked[0], "/models/model.json")
            self.assertIn("/models/colours/variables/variables.index", asked)
            # Of a server that nobody vouches for nothing is taken.
            with (
                self.assertLogs("handler_common", "ERROR") as logged,
                start(MODEL_URL=url, MODEL_SHA256=sha256) as ask,
            ):
                self.assertEqual(ask(read_event("http-v2-post-image"))["statusCode"], 500)
            self.assertIn("CERTIFICATE_VERIFY_FAILED", logged.output[-1])

    def test_a_keras_file_with_code_is_refused(self) -> None:
        evil = keras.Sequential([keras.Input((SIDE, SIDE, 3)), keras.layers.Lambda(lambda x: x[:, 0, 0, :])])
        evil.save(os.path.join(self.folder, "evil.keras"))
        write_spec(self.folder, "evil.keras")
        with self.assertLogs("handler_common", "ERROR") as logged, start(MODEL_DIR=self.folder) as ask:
            self.assertEqual(ask(read_event("http-v2-post-image"))["statusCode"], 500)
        self.assertIn("safe_mode", logged.output[-1])

    def test_the_model_is_kept_between_calls(self) -> None:
        with tempfile.TemporaryDirectory() as parent:
            folder = shutil.copytree(self.folder, os.path.join(parent, "model"))
            write_spec(folder, "colours")
            with start(MODEL_DIR=folder) as ask:
                shutil.rmtree(folder)
                self.check(ask, 0.001)


class Packaged(unittest.TestCase):
    def test_the_samples_get_their_labels_and_probabilities(self) -> None:
        with start() as ask:
            self.assertEqual(differences_from_samples(ask), [])

    def test_every_kind_of_event_gets_the_same_answer(self) -> None:
        names = """
            rest-v1-post-image rest-v1-post-json http-v2-post-image http-v2-post-form function-url-post-image
            function-url-post-json-base64
        """
        with start() as ask:
            plain = ask(read_event("invoke-image"))
            for name in names.split():
                answer = ask(read_event(name))
                self.assertEqual((answer["statusCode"], json.loads(answer["body"])), (200, plain), name)

    def test_a_model_json_that_does_not_fit_is_a_fault_of_ours_told_in_the_log(self) -> None:
        for change, told in (
            ({"labels": ["a", "b"]}, "has 2 labels, but the model gives 10"),
            ({"file": "away"}, "away"),
            ({"file": "labels.txt"}, "labels.txt"),
        ):
            with self.subTest(change), changed_model(HANDLER, **change) as folder:
                with self.assertLogs("handler_common", "ERROR") as logged, start(MODEL_DIR=folder) as ask:
                    answer = ask(read_event("http-v2-post-image"))
                self.assertEqual(
                    (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (500, "INTERNAL")
                )
                self.assertIn(told, logged.output[-1])

    def test_bad_input_is_told_and_the_next_event_is_answered(self) -> None:
        with start() as ask:
            answer = ask({**read_event("http-v2-post-image"), "body": "aGVsbG8="})
            self.assertEqual(
                (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (400, "NOT_AN_IMAGE")
            )
            self.assertEqual(len(ask(event_of(read_sample("bag.jpg")))["predictions"]), 3)


class Imports(unittest.TestCase):
    def test_a_saved_model_needs_no_more_than_it_imports(self) -> None:
        code = "import sys, app; app.load_classifier(); print('tflite_model' in sys.modules, 'keras_model' in sys.modules)"
        handlers = os.path.join(ROOT, "src/handlers")
        python_path = os.pathsep.join(os.path.join(handlers, name) for name in (HANDLER, "python-common"))
        env = {**os.environ, "PYTHONPATH": python_path}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        self.assertEqual(done.stdout, "False False\n")
