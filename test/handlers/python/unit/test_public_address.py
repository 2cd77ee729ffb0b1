import unittest

from handler_common.public_address import is_public_address

PUBLIC = """
    93.184.216.34 8.8.8.8 172.32.0.1 192.1.2.3 2606:2800:220:1:248:1893:25c8:1946 2a00:1450:4001::1 ::ffff:8.8.8.8
""".split()

CLOSED = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 169.254.170.2 172.16.0.1
    172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.1 192.168.1.1 198.18.0.1 203.0.113.9 224.0.0.1 240.0.0.1
    255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b:1::a00:1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 2606:2800::1%eth0 fec0::1 ff02::1 localhost 010.0.0.1 2130706433
""".split()


class PublicAddress(unittest.TestCase):
    def test_public(self) -> None:
        self.assertEqual([each for each in PUBLIC if not is_public_address(each)], [])

    def test_closed(self) -> None:
        self.assertEqual([each for each in [*CLOSED, ""] if is_public_address(each)], [])
