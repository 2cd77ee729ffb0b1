"""Which URLs may be fetched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from .fetch_rules import FetchRules
from .refusal import Refusal, refuse

_PORTS = {"http": 80, "https": 443}

# As browsers take a path: what may stand in a URL stays as it is, the rest is percent-encoded.
_SAFE = "/?:@!$&'()*+,;=%-._~"


@dataclass(frozen=True)
class CheckedUrl:
    """A URL that may be fetched, with the addresses that were checked; no other may be connected to."""

    url: str
    scheme: str
    host: str
    port: int
    # Path and query.
    target: str
    addresses: Sequence[str]


def check_url(raw_url: str, base: str | None, rules: FetchRules) -> CheckedUrl:
    """Parse and check a URL, resolve its host once and check each of its addresses."""
    url = _parse(raw_url, base)
    host, port = _host_of(url), _port_of(url)
    if not rules.is_allowed_port(port):
        raise refuse("URL_FORBIDDEN", "Only the ports 80 and 443 may be asked.")
    addresses = _resolve(host, rules)
    # One bad address condemns the name: which of them would be used is not ours to say.
    if not all(rules.is_allowed_address(address) for address in addresses):
        raise refuse("URL_FORBIDDEN", "The URL leads to an address that is not on the public internet.")
    query = f"?{quote(url.query, safe=_SAFE)}" if url.query else ""
    target = quote(url.path, safe=_SAFE) or "/"
    return CheckedUrl(url.geturl(), url.scheme, host, port, target + query, addresses)


def _parse(raw_url: str, base: str | None) -> SplitResult:
    text = raw_url.strip()
    if re.search(r"[\x00-\x1f\x7f\\\ud800-\udfff]", text):
        raise _invalid()
    try:
        url = urlsplit(text if base is None else urljoin(base, text))
    except ValueError as error:
        raise _invalid() from error
    if not url.scheme:
        raise _invalid()
    if url.scheme not in _PORTS:
        raise refuse("URL_FORBIDDEN", "Only http and https URLs are fetched.")
    if url.username or url.password:
        raise refuse("URL_FORBIDDEN", "A URL with a user name or password is not fetched.")
    return url


def _host_of(url: SplitResult) -> str:
    """The host in the letters that DNS takes."""
    try:
        host = (url.hostname or "").encode("idna").decode("ascii")
    except UnicodeError as error:
        raise _invalid() from error
    if not re.fullmatch(r"[A-Za-z0-9._:-]{1,255}", host):
        raise _invalid()
    return host


def _invalid() -> Refusal:
    return refuse("URL_INVALID", "The URL is not a valid absolute URL.")


def _port_of(url: SplitResult) -> int:
    try:
        return _PORTS[url.scheme] if url.port is None else url.port
    except ValueError as error:
        raise _invalid() from error


def _resolve(host: str, rules: FetchRules) -> Sequence[str]:
    try:
        addresses = rules.resolve(host)
    except (OSError, UnicodeError) as error:
        raise refuse("URL_UNREACHABLE", "The host of the URL is not known.") from error
    if not addresses:
        raise refuse("URL_UNREACHABLE", "The host of the URL has no address.")
    return addresses
