import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

import torch
import torchvision
from PIL import Image
from sandbox import change_spec, changed_model, differences_from_samples, event_of, start
from support import ROOT, read_event, read_sample
from torchvision import transforms

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
HANDLER = "resnet-torch"


def make_resnet18() -> torch.nn.Module:
    torch.manual_seed(18)
    network = torchvision.models.resnet18(weights=None, num_classes=10)
    # Running statistics of random pictures, so that scores differ as they do in a trained network.
    network.train()
    with torch.no_grad():
        for _ in range(3):
            network(torch.rand(4, 3, 224, 224) * 4 - 2)
    return network.eval()


def write_model(folder: str, state_dict: dict) -> None:
    torch.save(state_dict, os.path.join(folder, "resnet18.pt"))
    spec = {
        "architecture": "resnet18",
        "file": "resnet18.pt",
        "input": {
            "size": [224, 224],
            "resize": "shortest side 256 then centre crop",
            "scale": 1 / 255,
            "mean": MEAN,
            "std": STD,
        },
        "output": {"apply": "softmax"},
        "labels": "labels.txt",
    }
    with open(os.path.join(folder, "model.json"), "w") as file:
        json.dump(spec, file)
    with open(os.path.join(folder, "labels.txt"), "w") as file:
        file.write("\n".join(f"class {number}" for number in range(10)))


def as_the_tutorial(network: torch.nn.Module, image: bytes) -> list[dict]:
    """The best three, as the tutorial works them out: with torchvision's transforms."""
    steps = [
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize(MEAN, STD),
    ]
    picture = Image.open(io.BytesIO(image)).convert("RGB")
    with torch.no_grad():
        scores = torch.softmax(network(transforms.Compose(steps)(picture)[None])[0], 0)
    best = scores.topk(3)
    return [
        {"label": f"class {i}", "probability": p} for p, i in zip(best.values.tolist(), best.indices.tolist())
    ]


class Packaged(unittest.TestCase):
    def test_the_samples_get_their_labels_and_probabilities(self) -> None:
        with start() as ask:
            self.assertEqual(differences_from_samples(ask), [])

    def test_every_kind_of_event_gets_the_same_answer(self) -> None:
        names = """
            rest-v1-post-image rest-v1-post-json http-v2-post-image http-v2-post-form
            function-url-post-image function-url-post-json-base64
        """
        with start() as ask:
            plain = ask(read_event("invoke-image"))
            for name in names.split():
                answer = ask(read_event(name))
                self.assertEqual((answer["statusCode"], json.loads(answer["body"])), (200, plain), name)

    def test_bad_input_is_told_and_the_next_event_is_answered(self) -> None:
        with start() as ask:
            answer = ask({**read_event("http-v2-post-image"), "body": "aGVsbG8="})
            self.assertEqual(
                (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (400, "NOT_AN_IMAGE")
            )
            with self.assertRaises(Exception) as caught:
                ask({"url": "http://localhost/"})
            self.assertEqual(type(caught.exception).__name__, "URL_FORBIDDEN")
            self.assertEqual(len(ask(event_of(read_sample("bag.jpg")))["predictions"]), 3)

    def test_the_model_is_kept_between_calls(self) -> None:
        with changed_model(HANDLER) as folder, start(MODEL_DIR=folder) as ask:
            os.remove(os.path.join(folder, "resnet20-fashion.pt"))
            self.assertEqual(differences_from_samples(ask), [])


class ResNet18(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name
        self.network = make_resnet18()

    def check(self, sample: str) -> None:
        image = read_sample(sample)
        with start(MODEL_DIR=self.folder) as ask:
            found = ask(event_of(image))["predictions"]
        expected = as_the_tutorial(self.network, image)
        self.assertEqual([each["label"] for each in found], [each["label"] for each in expected])
        for one, other in zip(found, expected, strict=True):
            self.assertAlmostEqual(one["probability"], other["probability"], delta=0.01)

    def test_it_says_what_the_tutorial_says(self) -> None:
        write_model(self.folder, self.network.state_dict())
        for sample in ("ankle-boot.jpg", "bag.jpg", "trouser-white.jpg"):
            with self.subTest(sample):
                self.check(sample)

    def test_a_checkpoint_of_a_parallel_training(self) -> None:
        weights = {f"module.{name}": value for name, value in self.network.state_dict().items()}
        write_model(self.folder, {"epoch": 3, "state_dict": weights})
        self.check("bag.jpg")

    def test_a_file_with_code_is_refused_and_nothing_of_it_runs(self) -> None:
        trace = os.path.join(self.folder, "trace")
        write_model(self.folder, {"conv1.weight": Evil(trace)})
        with self.assertLogs("handler_common", "ERROR"), start(MODEL_DIR=self.folder) as ask:
            self.assertEqual(ask(read_event("http-v2-post-image"))["statusCode"], 500)
        self.assertFalse(os.path.exists(trace))


class Evil:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


class Misfits(unittest.TestCase):
    def test_a_model_json_that_does_not_fit_is_a_fault_of_ours_told_in_the_log(self) -> None:
        for change, told in (
            ({"labels": ["a", "b"]}, "size mismatch for fc.weight"),
            ({"architecture": "resnet18"}, "Missing key"),
            ({"architecture": "resnet1"}, '"resnet1" is no model of torchvision'),
            ({"architecture": None}, '"architecture" is missing'),
            ({"file": "away.pt"}, "No such file"),
            ({"file": "model.json"}, "Unpickling|Unsupported|invalid|operand|load"),
        ):
            with self.subTest(change), changed_model(HANDLER, **change) as folder:
                with self.assertLogs("handler_common", "ERROR") as logged, start(MODEL_DIR=folder) as ask:
                    answer = ask(read_event("http-v2-post-image"))
                self.assertEqual(
                    (answer["statusCode"], json.loads(answer["body"])["error"]["code"]), (500, "INTERNAL")
                )
                self.assertRegex(logged.output[-1], told)

    def test_a_model_that_is_mounted_late_is_found(self) -> None:
        with changed_model(HANDLER) as folder:
            change_spec(folder, file="late.pt")
            with self.assertLogs("handler_common", "ERROR"), start(MODEL_DIR=folder) as ask:
                self.assertEqual(ask(read_event("http-v2-post-image"))["statusCode"], 500)
                os.rename(os.path.join(folder, "resnet20-fashion.pt"), os.path.join(folder, "late.pt"))
                self.assertEqual(differences_from_samples(ask), [])


class Mounted(unittest.TestCase):
    def test_pytorch_itself_may_lie_in_packages_dir(self) -> None:
        code = """
import sys
assert not any("-packages" in path for path in sys.path), sys.path
import app
print(app.handler({"image": sys.argv[1]}, None)["predictions"][0]["label"])
"""
        handlers = os.path.join(ROOT, "src/handlers")
        python_path = os.pathsep.join(os.path.join(handlers, name) for name in (HANDLER, "python-common"))
        packages = os.path.dirname(os.path.dirname(torch.__file__))
        # Without `site`, Python knows no folder of packages.
        done = subprocess.run(
            [sys.executable, "-S", "-c", code, event_of(read_sample("bag.jpg"))["image"]],
            env={"PYTHONPATH": python_path, "PACKAGES_DIR": packages, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((done.returncode, done.stdout), (0, "Bag\n"), done.stderr)
