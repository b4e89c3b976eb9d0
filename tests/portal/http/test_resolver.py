"""Private networks are not reached by a name, whatever it answers."""

import pytest

from portal.http.resolver import GuardedResolver, PrivateAddress, is_public


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("no address", False),
    ],
)
def test_public(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_the_resolver_refuses_unless_allowed() -> None:
    strict = GuardedResolver(allowed=lambda *_: False)
    with pytest.raises(PrivateAddress, match=r"127\.0\.0\.1"):
        await strict.resolve("127.0.0.1", 80)
    some = GuardedResolver(allowed=lambda host, port: (host, port) == ("127.0.0.1", 81))
    assert await some.resolve("127.0.0.1", 81)
    with pytest.raises(PrivateAddress):
        await some.resolve("127.0.0.1", 80)
