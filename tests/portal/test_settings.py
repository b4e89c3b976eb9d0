"""Settings: the environment before the file before the default, and clear errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import settings
from portal.errors import WrongSetting


def test_defaults(tmp_path: Path) -> None:
    """Nothing set: what the table says."""
    loaded = settings.load({}, tmp_path / "none.toml")
    assert (loaded.port, loaded.host, loaded.wsp_ports) == (8080, "127.0.0.1", (9200, 9201))
    assert loaded.site == settings.PROJECT / "demo" / "site.toml"


def test_the_environment_wins(tmp_path: Path) -> None:
    """Over the file, which wins over the default."""
    file = tmp_path / "sunshine.toml"
    file.write_text('port = 9000\nhost = "0.0.0.0"\n')
    loaded = settings.load({"PORT": "9100"}, file)
    assert (loaded.port, loaded.host) == (9100, "0.0.0.0")


def test_an_empty_variable_is_none_but_where_it_says_something(tmp_path: Path) -> None:
    """`WSP_PORTS= make run` goes without the gateway; `PORT= make run` keeps the port."""
    loaded = settings.load({"PORT": "", "HOST": "", "WSP_PORTS": ""}, tmp_path / "none.toml")
    assert (loaded.port, loaded.host, loaded.wsp_ports) == (8080, "127.0.0.1", ())


@pytest.mark.parametrize(
    ("environ", "written", "says"),
    [
        ({"PORT": "many"}, "", "PORT from the environment must be a whole number"),
        ({}, "prot = 1", "no setting is called 'prot'"),
        ({}, "port =", "is not TOML"),
        ({"WSP_PORTS": "9200"}, "", "two port numbers"),
    ],
)
def test_errors_name_what_is_wrong(tmp_path: Path, environ: dict[str, str], written: str, says: str) -> None:
    """The setting, and where it was read."""
    file = tmp_path / "sunshine.toml"
    file.write_text(written)
    with pytest.raises(WrongSetting, match=says):
        settings.load(environ, file)
