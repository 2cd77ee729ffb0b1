import base64
import json
import logging
import unittest

from handler_common.create_handler import create_handler
from handler_common.fetch_image import fetch_image
from support import code_of, read_event, read_sample

URL_OF_EVENTS = "https://images.example.com/shoes/ankle%20boot.jpg?size=320&v=2"

HTTP_EVENTS = """
    rest-v1-get-url rest-v1-post-image rest-v1-post-json http-v2-get-url http-v2-post-image http-v2-post-json
    http-v2-post-form function-url-get-url function-url-post-image function-url-post-json-base64
""".split()


def fetch_sample(url: str) -> bytes:
    assert url == URL_OF_EVENTS, url
    return read_sample("ankle-boot.jpg")


def count_bytes(image: bytes) -> dict:
    """In place of a model."""
    return {"bytes": len(image)}


def make(load=lambda: count_bytes, fetch=fetch_sample):
    handler = create_handler(load, fetch)
    return lambda event: handler(event, None)


def error_of(answer: dict) -> dict:
    return json.loads(answer["body"])["error"]


class Answers(unittest.TestCase):
    def setUp(self) -> None:
        self.expected = {"bytes": len(read_sample("ankle-boot.jpg"))}

    def test_http_events(self) -> None:
        for name in HTTP_EVENTS:
            with self.subTest(name):
                answer = make()(read_event(name))
                self.assertEqual((answer["statusCode"], json.loads(answer["body"])), (200, self.expected))
                self.assertEqual(answer["headers"], {"content-type": "application/json"})
                # REST APIs answer 502 to any other key.
                self.assertEqual(sorted(answer), ["body", "headers", "isBase64Encoded", "statusCode"])

    def test_plain_invocations(self) -> None:
        for name in ("invoke-image", "invoke-url"):
            self.assertEqual(make()(read_event(name)), self.expected)

    def test_options(self) -> None:
        answer = make()({**read_event("rest-v1-get-url"), "httpMethod": "OPTIONS"})
        self.assertEqual((answer["statusCode"], answer["body"]), (204, ""))
        self.assertEqual(answer["headers"], {"allow": "GET, POST, OPTIONS"})


class Refuses(unittest.TestCase):
    def test_a_plain_invocation_throws_an_error_named_by_its_code(self) -> None:
        ask = make()
        for event in ({}, None, "hello", [], {"image": 7}, {"url": None}):
            self.assertEqual(code_of(lambda: ask(event)), "NO_INPUT")
        self.assertEqual(code_of(lambda: ask({"image": "*"})), "BAD_BASE64")
        self.assertEqual(code_of(lambda: ask({"image": "aGk=", "url": "http://a"})), "TWO_INPUTS")

    def test_a_rest_api_without_binary_media_types(self) -> None:
        answer = make()(read_event("rest-v1-post-image-mangled"))
        self.assertEqual((answer["statusCode"], error_of(answer)["code"]), (400, "BODY_MANGLED"))
        self.assertIn("binaryMediaTypes", error_of(answer)["message"])

    def test_a_url_that_is_not_fetched(self) -> None:
        event = {**read_event("http-v2-get-url"), "queryStringParameters": {"url": "http://169.254.169.254/"}}
        answer = make(fetch=fetch_image)(event)
        self.assertEqual((answer["statusCode"], error_of(answer)["code"]), (400, "URL_FORBIDDEN"))

    def test_a_request_without_a_picture(self) -> None:
        get, post = read_event("rest-v1-get-url"), read_event("http-v2-post-image")
        for event in ({**get, "queryStringParameters": None}, {**post, "body": None}, {**post, "body": 7}):
            answer = make()(event)
            self.assertEqual((answer["statusCode"], error_of(answer)["code"]), (400, "NO_INPUT"))

    def test_a_picture_over_6_mib(self) -> None:
        body = base64.b64encode(bytes(6 * 1024 * 1024 + 1)).decode()
        answer = make()({**read_event("http-v2-post-image"), "body": body})
        self.assertEqual((answer["statusCode"], error_of(answer)["code"]), (413, "IMAGE_TOO_LARGE"))

    def test_other_methods(self) -> None:
        for method in ("HEAD", "PUT", "DELETE", "BREW"):
            answer = make()({**read_event("rest-v1-get-url"), "httpMethod": method})
            self.assertEqual((answer["statusCode"], answer["headers"]["allow"]), (405, "GET, POST, OPTIONS"))

    def test_bad_requests_are_not_logged(self) -> None:
        with self.assertNoLogs("handler_common", logging.DEBUG):
            make()({**read_event("http-v2-post-json"), "body": "{"})


class Fails(unittest.TestCase):
    def test_our_own_faults_go_to_the_log_and_not_to_the_caller(self) -> None:
        def load():
            raise OSError("no such file: /var/task/model/model.json")

        with self.assertLogs("handler_common", logging.ERROR) as logged:
            answer = make(load)(read_event("function-url-post-image"))
        self.assertEqual((answer["statusCode"], error_of(answer)["code"]), (500, "INTERNAL"))
        self.assertNotRegex(answer["body"], "OSError|/var|Traceback")
        self.assertIn("/var/task/model", logged.output[0])

    def test_a_plain_invocation_throws_them(self) -> None:
        def load():
            raise OSError("broken")

        with self.assertRaisesRegex(OSError, "broken"):
            make(load)(read_event("invoke-image"))
