"""Buckets and remembered answers."""

from wap.protocol.guard import MOST_HOSTS, HostGuard, Memory
from wap.protocol.limits import Bucket, Limits, pour


def test_a_bucket_leaks() -> None:
    bucket = pour(Bucket(0.0, 0.0), 8.0, 2.0, 10.0, 0.0)
    assert bucket
    assert pour(bucket, 4.0, 2.0, 10.0, 0.5) is None
    assert pour(bucket, 4.0, 2.0, 10.0, 1.0) == Bucket(10.0, 1.0)
    assert pour(bucket, 4.0, 2.0, 10.0, 100.0) == Bucket(4.0, 100.0)


def test_hosts_are_counted_apart() -> None:
    guard = HostGuard(Limits(datagrams_per_host_s=3.0))
    assert [guard.admits("192.0.2.1", 1.0) for _ in range(5)] == [True] * 3 + [False] * 2
    assert guard.admits("192.0.2.2", 1.0)
    assert guard.admits("192.0.2.1", 1.5)


def test_octets_are_counted() -> None:
    guard = HostGuard(Limits(octets_to_host_s=100_000.0))
    assert [guard.sends("2001:db8::1", 40_000, 1.0) for _ in range(3)] == [True, True, False]


def test_guesses_of_many_hosts_together_are_few() -> None:
    guard = HostGuard(Limits(resume_guesses=2, resume_guesses_s=0.1))
    assert [guard.guesses("192.0.2.1", 1.0) for _ in range(3)] == [True, True, False]
    allowed = sum(guard.guesses(f"198.51.100.{number}", 1.0) for number in range(200))
    assert allowed == 30


def test_loopback_is_free() -> None:
    guard = HostGuard(Limits(datagrams_per_host_s=1.0))
    for host in ("127.0.0.1", "127.9.9.9", "::1"):
        assert all(guard.admits(host, 1.0) for _ in range(50))
    assert [guard.admits("fe80::1%eth0", 1.0), guard.admits("fe80::1%eth0", 1.0)] == [True, False]


def test_the_table_of_hosts_has_an_end() -> None:
    guard = HostGuard(Limits(datagrams_per_host_s=1.0))
    for number in range(MOST_HOSTS + 10):
        guard.admits(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 1.0)
    assert guard.hosts <= MOST_HOSTS


def test_memory_forgets_by_time_and_by_size() -> None:
    memory = Memory(5_000)
    memory.put((b"a",), b"1", 10.0)
    assert memory.get((b"a",), 9.9) == b"1"
    assert memory.get((b"a",), 10.0) is None
    for number in range(20):
        memory.put((bytes((number,)),), bytes(700), 100.0)
    kept = [number for number in range(20) if memory.get((bytes((number,)),), 1.0)]
    assert kept == [16, 17, 18, 19]
    memory.put((b"large",), bytes(10_000), 100.0)
    assert memory.get((b"large",), 1.0) is None
