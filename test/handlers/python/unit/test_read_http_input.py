import json
import unittest

from handler_common.http_event import HttpRequest, is_http_event, parse_http_event
from handler_common.image_input import ImageBytes, ImageUrl
from handler_common.read_http_input import read_http_input
from support import code_of

PNG = bytes([0x89, 0x50, 0x4E, 0x47, 0xFF, 0x00])
BOUNDARY = "------------------------d74496d66958873e"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def read(content_type: str | None, body: bytes | str, is_binary_safe: bool = True):
    headers = {} if content_type is None else {"content-type": content_type}
    data = body if isinstance(body, bytes) else body.encode()
    return read_http_input(HttpRequest("POST", {}, headers, data, is_binary_safe))


def form(*parts: bytes) -> bytes:
    mark = f"--{BOUNDARY}".encode()
    return (
        b"".join(mark + b"\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
        + mark
        + b"--\r\n"
    )


class Bytes(unittest.TestCase):
    def test_bytes_are_a_picture(self) -> None:
        for content_type in ("image/png", "application/octet-stream", None):
            self.assertEqual(read(content_type, PNG), ImageBytes(PNG))

    def test_bytes_that_came_as_text(self) -> None:
        text = PNG.decode("utf-8", "replace")
        for content_type in ("image/png", "application/octet-stream", None, FORM):
            self.assertEqual(code_of(lambda: read(content_type, text, False)), "BODY_MANGLED")


class Json(unittest.TestCase):
    def test_an_object_is_read(self) -> None:
        for content_type in (
            *("application/json", "application/json; charset=utf-8", "application/problem+json", None),
            "application/x-www-form-urlencoded",  # curl -d
        ):
            self.assertEqual(
                read(content_type, '{"url":"http://a/b.png"}', False), ImageUrl("http://a/b.png")
            )

    def test_bad_json(self) -> None:
        for body in ("{", "[", '{"url":}', b'{"\xff"}', "[" * 100_000):
            self.assertEqual(code_of(lambda: read("application/json", body)), "BAD_JSON")

    def test_json_without_a_picture(self) -> None:
        for body in ("null", "[]", '"x"', "{}", '{"url":1}', '{"image":{}}'):
            self.assertEqual(code_of(lambda: read("application/json", body)), "NO_INPUT")

    def test_two_pictures(self) -> None:
        body = '{"image":"aGk=","url":"http://a"}'
        self.assertEqual(code_of(lambda: read("application/json", body)), "TWO_INPUTS")

    def test_base64(self) -> None:
        for image in ("iVBORw==", "iVBO\nRw==", "iVBORw", "data:image/png;base64,iVBORw=="):
            body = json.dumps({"image": image})
            self.assertEqual(read("application/json", body), ImageBytes(PNG[:4]))
        self.assertEqual(read(None, '{"image":"-_-_"}'), ImageBytes(b"\xfb\xff\xbf"))

    def test_what_is_no_base64(self) -> None:
        for image in ("", "a b!", "=", "A", "data:image/png,abc", "é"):
            self.assertEqual(code_of(lambda: read(None, json.dumps({"image": image}))), "BAD_BASE64")


class Forms(unittest.TestCase):
    def test_the_first_file_is_the_picture(self) -> None:
        picture = b"\r\n--pix\x00\xff\r\n\r\n--\n"
        file = b'name="f"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n' + picture
        other = b'name="g"; filename="b.png"\r\n\r\nother'
        self.assertEqual(read(FORM, form(b'name="note"\r\n\r\nhi', file, other)), ImageBytes(picture))

    def test_a_boundary_in_quotes_and_a_preamble(self) -> None:
        body = b"hello\r\n" + form(b'name="f"; filename=""\r\n\r\nx')
        self.assertEqual(read(f'multipart/form-data; boundary="{BOUNDARY}"', body), ImageBytes(b"x"))

    def test_a_form_may_give_a_url(self) -> None:
        self.assertEqual(read(FORM, form(b'name="url"\r\n\r\nhttp://a/b.png')), ImageUrl("http://a/b.png"))

    def test_a_form_without_a_file(self) -> None:
        self.assertEqual(code_of(lambda: read(FORM, form(b'name="note"\r\n\r\nhi'))), "NO_INPUT")

    def test_broken_forms(self) -> None:
        whole = form(b'name="a"; filename="b"\r\n\r\nhi')
        for content_type, body in (
            (FORM, b"no form"),
            (FORM, whole[:-6]),
            (FORM, form(b'name="a"')),
            (FORM, form(b"x\r\n\r\nhi")),
            ("multipart/form-data", whole),
        ):
            self.assertEqual(code_of(lambda: read(content_type, body)), "BAD_FORM")


class Events(unittest.TestCase):
    def test_what_is_no_http_event(self) -> None:
        for event in (
            None,
            [],
            "x",
            {},
            {"requestContext": None},
            {"requestContext": {"http": []}},
            {"httpMethod": 1},
        ):
            self.assertFalse(is_http_event(event))

    def test_nulls_and_other_types(self) -> None:
        event = {
            "httpMethod": "post",
            "headers": {"A": "b", "C": None},
            "queryStringParameters": None,
            "body": None,
        }
        self.assertEqual(parse_http_event(event), HttpRequest("POST", {}, {"a": "b"}, b"", False))
        self.assertEqual(code_of(lambda: parse_http_event({**event, "body": 7})), "NO_INPUT")
        self.assertEqual(
            code_of(lambda: parse_http_event({**event, "body": "a", "isBase64Encoded": True})), "BAD_BASE64"
        )
