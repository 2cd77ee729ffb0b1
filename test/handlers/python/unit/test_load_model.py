import hashlib
import json
import os
import tempfile
import unittest

from handler_common.load_model import load_model
from handler_common.model_source import ModelFolder, RemoteModel, find_model_source
from support import ROOT

MODEL = b"the bytes of a model"
LABELS = "boot\n\nbag\r\n"
INPUT = {
    "size": [32, 32],
    "resize": "cover",
    "scale": 0.004,
    "mean": [0, 0, 0],
    "std": [1, 1, 1],
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def spec_of(**change: object) -> dict:
    files = {"net/model.pb": sha256(MODEL), "labels.txt": sha256(LABELS.encode())}
    spec = {"file": "net", "files": files, "input": INPUT, "labels": "labels.txt", **change}
    return {key: value for key, value in spec.items() if value is not None}


class Web:
    """What lies behind addresses, by their end; remembers what was asked for."""

    def __init__(self, spec: dict, **files: bytes) -> None:
        self.spec = json.dumps(spec).encode()
        self.files = {"model.json": self.spec, "net/model.pb": MODEL, "labels.txt": LABELS.encode(), **files}
        self.asked: list[str] = []

    def open(self, url: str):
        name = url.removeprefix("https://models.example/v1/")
        self.asked.append(name)
        data = self.files[name]
        yield data[:5]
        yield data[5:]

    def source(self) -> RemoteModel:
        return RemoteModel("https://models.example/v1/", sha256(self.spec))


class Remote(unittest.TestCase):
    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.dir = self.temporary.name

    def files(self) -> list[str]:
        return sorted(name for _, _, names in os.walk(self.dir) for name in names)

    def test_files_are_saved_and_not_fetched_again(self) -> None:
        web = Web(spec_of())
        model = load_model(web.source(), self.dir, web.open)
        self.assertEqual(model.labels, ["boot", "bag"])
        self.assertEqual(os.listdir(model.path), ["model.pb"])
        with open(os.path.join(model.path, "model.pb"), "rb") as file:
            self.assertEqual(file.read(), MODEL)
        load_model(web.source(), self.dir, web.open)
        self.assertEqual(web.asked, ["model.json", "net/model.pb", "labels.txt", "model.json"])

    def test_a_damaged_file_is_fetched_anew(self) -> None:
        web = Web(spec_of())
        path = os.path.join(load_model(web.source(), self.dir, web.open).path, "model.pb")
        with open(path, "wb") as file:
            file.write(b"damaged")
        load_model(web.source(), self.dir, web.open)
        with open(path, "rb") as file:
            self.assertEqual(file.read(), MODEL)

    def test_another_model_json_is_refused(self) -> None:
        web = Web(spec_of())
        other = RemoteModel(web.source().base, sha256(b"other"))
        with self.assertRaisesRegex(ValueError, "^model.json has the sha256"):
            load_model(other, self.dir, web.open)

    def test_another_file_is_refused_and_leaves_nothing(self) -> None:
        web = Web(spec_of(), **{"net/model.pb": b"another"})
        with self.assertRaisesRegex(ValueError, "^model.pb has the sha256"):
            load_model(web.source(), self.dir, web.open)
        self.assertEqual(self.files(), [])

    def test_a_download_that_breaks_off_leaves_nothing(self) -> None:
        web = Web(spec_of())

        def break_off(url: str):
            for number, chunk in enumerate(web.open(url)):
                if number and not url.endswith(".json"):
                    raise OSError("the line went dead")
                yield chunk

        with self.assertRaisesRegex(OSError, "dead"):
            load_model(web.source(), self.dir, break_off)
        self.assertEqual(self.files(), [])

    def test_files_without_a_sha256_are_refused(self) -> None:
        for change in ({"files": None}, {"files": {"labels.txt": sha256(b"")}}, {"labels": "names.txt"}):
            web = Web(spec_of(**change))
            with self.assertRaisesRegex(ValueError, 'needs "(net|names.txt)" and its sha256'):
                load_model(web.source(), self.dir, web.open)

    def test_a_huge_model_json_is_refused(self) -> None:
        web = Web(spec_of(comment="x" * 1024 * 1024))
        with self.assertRaisesRegex(ValueError, "larger than"):
            load_model(web.source(), self.dir, web.open)


class Spec(unittest.TestCase):
    def test_the_packaged_models_are_read(self) -> None:
        for name in ("resnet-torch", "inception-tensorflow"):
            folder = os.path.join(ROOT, "src/handlers", name, "model")
            model = load_model(ModelFolder(folder), "/nowhere")
            self.assertEqual((len(model.labels), model.labels[0]), (10, "T-shirt/top"))
            for path, expected in model.spec.files.items():
                with open(os.path.join(folder, path), "rb") as file:
                    self.assertEqual(sha256(file.read()), expected, path)

    def test_what_is_wrong_is_named(self) -> None:
        for key, change in (
            ("file", {"file": "../model"}),
            ("file", {"file": "/etc/passwd"}),
            ("file", {"file": "a/../../b"}),
            ("files", {"files": {"../x": sha256(b"")}}),
            ("files", {"files": {"x": "ABC"}}),
            ("labels", {"labels": []}),
            ("labels", {"labels": [1]}),
            ("labels", {"labels": "../x"}),
            ("architecture", {"architecture": 18}),
            ("output", {"output": []}),
            ("output.apply", {"output": {"apply": "sigmoid"}}),
            ("input", {"input": 3}),
            ("input.size", {"input": {**INPUT, "size": [0, 32]}}),
            ("input.size", {"input": {**INPUT, "size": [True, 32]}}),
            ("input.size", {"input": {**INPUT, "size": [5000, 32]}}),
            ("input.scale", {"input": {**INPUT, "scale": 0}}),
            ("input.mean", {"input": {**INPUT, "mean": [0, 0]}}),
            ("input.std", {"input": {**INPUT, "std": [1, 0, 1]}}),
            ("input.resize", {"input": {**INPUT, "resize": "squash"}}),
            ("input.resize", {"input": {**INPUT, "resize": "shortest side 31 then centre crop"}}),
        ):
            with self.subTest(change), tempfile.TemporaryDirectory() as folder:
                with open(os.path.join(folder, "model.json"), "w") as file:
                    json.dump(spec_of(**change), file)
                with self.assertRaisesRegex(ValueError, f"^model.json: expected .* at {key}, found"):
                    load_model(ModelFolder(folder), "/nowhere")


class Source(unittest.TestCase):
    SHA = "a" * 64

    def test_sources(self) -> None:
        for env, expected in (
            ({}, ModelFolder("/packaged")),
            ({"MODEL_DIR": "", "MODEL_URL": ""}, ModelFolder("/packaged")),
            ({"MODEL_DIR": "/mnt/model"}, ModelFolder("/mnt/model")),
            ({"MODEL_URL": "s3://bucket/a/b"}, RemoteModel("s3://bucket/a/b/", None)),
            ({"MODEL_URL": "s3://bucket", "MODEL_SHA256": self.SHA}, RemoteModel("s3://bucket/", self.SHA)),
            ({"MODEL_URL": "https://h/a/", "MODEL_SHA256": self.SHA}, RemoteModel("https://h/a/", self.SHA)),
        ):
            self.assertEqual(find_model_source(env, "/packaged"), expected)

    def test_what_cannot_be_meant(self) -> None:
        for env, message in (
            ({"MODEL_DIR": "/a", "MODEL_URL": "s3://b"}, "both set"),
            ({"MODEL_URL": "s3://b", "MODEL_SHA256": "A"}, "64 lower-case"),
            ({"MODEL_URL": "https://h/a/"}, "needs MODEL_SHA256"),
            ({"MODEL_URL": "http://h/a", "MODEL_SHA256": self.SHA}, "has to be s3:"),
            ({"MODEL_URL": "file:///a", "MODEL_SHA256": self.SHA}, "has to be s3:"),
            ({"MODEL_URL": "s3:///key"}, "has to be s3:"),
            ({"MODEL_URL": "s3://b/a?x=1"}, "no query"),
        ):
            with self.assertRaisesRegex(ValueError, message):
                find_model_source(env, "/packaged")
