import gzip
import threading
import time
import unittest
from dataclasses import replace

from handler_common.fetch_image import fetch_image
from handler_common.fetch_rules import PUBLIC_WEB
from support import code_of, send, serve

PICTURE = b"the bytes of a picture"
IMAGE = {"content-type": "image/jpeg"}

# Servers of tests have any port; the addresses are checked as ever.
ANY_PORT = replace(PUBLIC_WEB, is_allowed_port=lambda port: True)
LOOPBACK = replace(ANY_PORT, is_allowed_address=lambda address: address == "127.0.0.1")
QUICK = replace(LOOPBACK, timeout=0.3)


def send_picture(request) -> None:
    send(request, 200, IMAGE, PICTURE)


class Fetches(unittest.TestCase):
    def test_a_picture(self) -> None:
        with serve(send_picture) as port:
            self.assertEqual(fetch_image(f"http://127.0.0.1:{port}/a.jpg?b=c", LOOPBACK), PICTURE)

    def test_asks_for_what_it_was_told_uncompressed(self) -> None:
        seen = []

        def answer(request) -> None:
            seen.extend([request.path, request.headers["accept-encoding"], request.headers["cookie"]])
            send_picture(request)

        with serve(answer) as port:
            fetch_image(f"http://127.0.0.1:{port}/a b/é.jpg?b=c%20d&e=ü#f", LOOPBACK)
        self.assertEqual(seen, ["/a%20b/%C3%A9.jpg?b=c%20d&e=%C3%BC", "identity", None])

    def test_connects_to_the_checked_address_and_asks_dns_once(self) -> None:
        lookups, hosts = [], []

        def resolve(host: str) -> list[str]:
            lookups.append(host)
            return ["127.0.0.1"]

        def answer(request) -> None:
            hosts.append(request.headers["host"])
            send_picture(request)

        with serve(answer) as port:
            # A name that no DNS knows: only the checked address can have led here.
            fetch_image(f"http://Pinned.invalid:{port}/", replace(LOOPBACK, resolve=resolve))
        self.assertEqual((lookups, hosts), (["pinned.invalid"], [f"pinned.invalid:{port}"]))

    def test_follows_three_redirects(self) -> None:
        def answer(request) -> None:
            step = int(request.path[1:])
            if step < 3:
                send(request, 302, {"location": str(step + 1)})
            else:
                send_picture(request)

        with serve(answer) as port:
            self.assertEqual(fetch_image(f"http://127.0.0.1:{port}/0", LOOPBACK), PICTURE)

    def test_content_types_that_may_be_a_picture(self) -> None:
        for name in ("application/octet-stream", "binary/octet-stream", "IMAGE/PNG"):
            with serve(lambda request: send(request, 200, {"content-type": name}, PICTURE)) as port:
                self.assertEqual(fetch_image(f"http://127.0.0.1:{port}/", LOOPBACK), PICTURE)

    def test_a_body_as_large_as_the_cap(self) -> None:
        with serve(send_picture) as port:
            rules = replace(LOOPBACK, max_bytes=len(PICTURE))
            self.assertEqual(fetch_image(f"http://127.0.0.1:{port}/", rules), PICTURE)


class Forbids(unittest.TestCase):
    def test_hosts_that_are_not_public(self) -> None:
        asked = []

        def answer(request) -> None:
            asked.append(request.path)
            send_picture(request)

        hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"]
        with serve(answer) as port:
            for host in hosts:
                with self.subTest(host):
                    code = code_of(lambda: fetch_image(f"http://{host}:{port}/", ANY_PORT))
                    self.assertEqual(code, "URL_FORBIDDEN")
        self.assertEqual(asked, [])

    def test_what_is_no_public_web_server(self) -> None:
        for url in (
            "http://169.254.169.254/latest/meta-data/",
            "http://example.com:8080/a.jpg",
            "http://example.com:22/",
            "https://user:secret@example.com/a.jpg",
            "file:///etc/passwd",
            "data:image/png;base64,AAAA",
            "ftp://example.com/a.jpg",
        ):
            with self.subTest(url):
                self.assertEqual(code_of(lambda: fetch_image(url)), "URL_FORBIDDEN")

    def test_what_is_no_url(self) -> None:
        for url in (
            *("", "/a.jpg", "example.com/a.jpg", "http://", "http://[::1", "http://a:b/", "http://a..b/"),
            *(
                "http://a\r\nb/",
                "http://a\\@b/",
                "http://a b/",
                "http://%31/",
                "http://a/\ud800",
                "http://a_%00/",
            ),
        ):
            with self.subTest(url):
                self.assertEqual(code_of(lambda: fetch_image(url)), "URL_INVALID")

    def test_one_private_address_among_public_ones(self) -> None:
        rules = replace(PUBLIC_WEB, resolve=lambda host: ["93.184.216.34", "10.0.0.1"])
        self.assertEqual(code_of(lambda: fetch_image("http://two-faced.example/", rules)), "URL_FORBIDDEN")

    def test_redirects_to_what_is_forbidden(self) -> None:
        for location in (
            *("http://169.254.169.254/", "http://10.0.0.1/", "file:///etc/passwd", "//10.0.0.1/"),
            "http://a:b@127.0.0.1/",
        ):
            with (
                self.subTest(location),
                serve(lambda request: send(request, 302, {"location": location})) as port,
            ):
                code = code_of(lambda: fetch_image(f"http://127.0.0.1:{port}/", LOOPBACK))
                self.assertEqual(code, "URL_FORBIDDEN")

    def test_a_fourth_redirect(self) -> None:
        asked = []

        def answer(request) -> None:
            asked.append(request.path)
            send(request, 302, {"location": "/again"})

        with serve(answer) as port:
            self.assertEqual(
                code_of(lambda: fetch_image(f"http://127.0.0.1:{port}/", LOOPBACK)), "URL_REDIRECTS"
            )
        self.assertEqual(len(asked), 4)


class Refuses(unittest.TestCase):
    def refuses(self, code: str, answer, rules=LOOPBACK) -> None:
        with serve(answer) as port:
            self.assertEqual(code_of(lambda: fetch_image(f"http://127.0.0.1:{port}/", rules)), code)

    def test_a_name_that_nobody_knows(self) -> None:
        def resolve(host: str) -> list[str]:
            raise OSError("not found")

        rules = replace(PUBLIC_WEB, resolve=resolve)
        self.assertEqual(code_of(lambda: fetch_image("http://nobody.invalid/", rules)), "URL_UNREACHABLE")

    def test_a_port_where_nobody_listens(self) -> None:
        with serve(send_picture) as port:
            pass
        code = code_of(lambda: fetch_image(f"http://127.0.0.1:{port}/", LOOPBACK))
        self.assertEqual(code, "URL_UNREACHABLE")

    def test_what_is_no_http(self) -> None:
        self.refuses("URL_UNREACHABLE", lambda request: request.wfile.write(b"SSH-2.0\r\n\r\n"))

    def test_a_body_that_goes_on(self) -> None:
        gone = threading.Event()

        def pour(request) -> None:
            send(request, 200, IMAGE)
            try:
                while True:
                    request.wfile.write(bytes(10_000))
            except OSError:
                gone.set()

        self.refuses("IMAGE_TOO_LARGE", pour, replace(LOOPBACK, max_bytes=100_000))
        self.assertTrue(gone.wait(5), "it hangs up")

    def test_a_length_that_is_too_large(self) -> None:
        headers = {**IMAGE, "content-length": "10000001"}
        self.refuses("IMAGE_TOO_LARGE", lambda request: send(request, 200, headers, b"x"))

    def test_a_body_that_breaks_off(self) -> None:
        headers = {**IMAGE, "content-length": "100"}
        self.refuses("URL_UNREACHABLE", lambda request: send(request, 200, headers, b"x"))
        chunked = {**IMAGE, "transfer-encoding": "chunked"}
        self.refuses("URL_UNREACHABLE", lambda request: send(request, 200, chunked, b"5\r\nab"))

    def test_a_status_that_is_no_picture(self) -> None:
        for status in (304, 404, 500):
            self.refuses("URL_STATUS", lambda request: send(request, status, IMAGE))

    def test_a_web_page(self) -> None:
        self.refuses(
            "URL_NOT_AN_IMAGE", lambda request: send(request, 200, {"content-type": "text/html"}, PICTURE)
        )

    def test_a_compressed_answer(self) -> None:
        headers = {**IMAGE, "content-encoding": "gzip"}
        packed = gzip.compress(bytes(1_000_000))
        self.refuses("URL_NOT_AN_IMAGE", lambda request: send(request, 200, headers, packed))

    def test_a_server_that_never_answers(self) -> None:
        done = threading.Event()
        self.refuses("URL_TIMEOUT", lambda request: done.wait(5), QUICK)
        done.set()

    def test_headers_that_drip(self) -> None:
        def drip(request) -> None:
            request.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                request.wfile.write(b"a")
                time.sleep(0.05)

        self.refuses("URL_TIMEOUT", drip, QUICK)

    def test_a_body_that_drips(self) -> None:
        hung_up = threading.Event()

        def drip(request) -> None:
            send(request, 200, IMAGE)
            try:
                while True:
                    request.wfile.write(b"a")
                    time.sleep(0.05)
            except OSError:
                hung_up.set()

        self.refuses("URL_TIMEOUT", drip, QUICK)
        self.assertTrue(hung_up.wait(5), "the connection is cut")

    def test_a_dns_that_never_answers(self) -> None:
        done = threading.Event()

        def resolve(host: str) -> list[str]:
            done.wait(5)
            return []

        rules = replace(PUBLIC_WEB, resolve=resolve, timeout=0.1)
        self.assertEqual(code_of(lambda: fetch_image("http://slow.invalid/", rules)), "URL_TIMEOUT")
        done.set()
