"""Which addresses are on the public internet.

The tables are written out, since `ipaddress.is_global` says different things from one Python to the next.
https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_CLOSED_IPV4 = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]

# RFC 4291: all global unicast addresses of IPv6 in use are in 2000::/3.
_GLOBAL_UNICAST = IPv6Network("2000::/3")

# Protocol assignments with Teredo, documentation, 6to4, AS112, segment routing.
_CLOSED_IPV6 = [
    ip_network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20", "5f00::/16")
]


def is_public_address(text: str) -> bool:
    """False for private, loopback, link-local, shared, multicast and reserved addresses, and for what is no address.

    An IPv6 address that stands for an IPv4 one is judged as that; other forms that embed one are not public.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_IPV4)
    if getattr(address, "scope_id", None) is not None or address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _CLOSED_IPV6)
