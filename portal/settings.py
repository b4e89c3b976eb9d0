"""All settings in one table: read from the environment, then sunshine.toml, then the default."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from portal.errors import WrongSetting

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `kind` is int, str or bool; names in the file are lower case.

    may_be_empty  an empty variable says something here; elsewhere it is as good as none
    """

    name: str
    default: str
    help: str
    kind: type = str
    may_be_empty: bool = False


TABLE: tuple[Setting, ...] = (
    Setting("PORT", "8080", "HTTP port of the server", int),
    Setting("HOST", "127.0.0.1", "address to listen on; 0.0.0.0 for every interface"),
    Setting("SITE", "demo/site.toml", "site file: which portal is mirrored, and its columns"),
    Setting("SITE_HOME", "", "address of the origin, in place of the site file's own"),
    Setting("REDIS_URL", "", "a Redis to use; empty: start a private one"),
    Setting("DATA_DIR", "var", "folder for the private Redis and the sync reports"),
    Setting("LOCALE", "zh-Hans", "language where the address names none: zh-Hans, zh-Hant, en"),
    Setting("PUBLIC_URL", "", "address of this server as phones reach it, for QR codes; empty: as asked"),
    Setting("WSP_PORTS", "9200,9201", "UDP ports of the WAP gateway; empty: no gateway", may_be_empty=True),
    Setting("WAP_HOSTS", "", "host names by which WAP phones know the portal; empty: any name"),
    Setting("WAP_ORIGINS", "", "hosts the gateway may fetch from: host[:port][+private],...; empty: none"),
    Setting(
        "OPERATORS", "", "table of operators whose portals open us, like deploy/operators.toml; empty: none"
    ),
    Setting("HBBTV_CONTROL", "PRESENT", "control code in /tv/ait.xml: AUTOSTART or PRESENT"),
    Setting("HBBTV_ORG", "1", "organisation id in /tv/ait.xml, as DVB has given it to the broadcaster", int),
    Setting("HBBTV_APP", "1", "application id in /tv/ait.xml, 1 to 16383", int),
    Setting("FAST_LANE", "on", "answer kept pages at the socket, before Tornado: on or off"),
    Setting("CACHE_MB", "256", "megabytes of finished pages that each process keeps; 0 keeps none", int),
    Setting(
        "CONNECTIONS", "10000", "connections at once of each process; 0: as many as the system allows", int
    ),
    Setting("CONNECTIONS_EACH", "1000", "connections of one address at once; 0: as many as there are", int),
    Setting(
        "CDN_SECONDS", "0", "seconds a CDN may keep a page (CDN-Cache-Control, Surrogate-Key); 0: no CDN", int
    ),
    Setting(
        "LETTERS_REDIS_URL", "", "the Redis of the letters, with appendfsync always; empty: a private one"
    ),
    Setting("LETTERS_REPLICAS", "0", "replicas that must have a letter before it is acknowledged", int),
    Setting("LETTERS_STORAGE", "checked", "checked, or trusted where that Redis does not tell its settings"),
    Setting("LETTERS_RULES", "", "rules of the letters; empty: letters.toml beside the site file, if any"),
    Setting(
        "LETTERS_OFFICE",
        "",
        "office file: desk, case system, SMS, e-mail; empty: office.toml beside the site file, if any",
    ),
    Setting("LETTERS_SECRET_FILE", "", "secret of the letters' codes; empty: made in DATA_DIR/letters"),
    Setting(
        "TRUSTED_PROXIES", "", "networks whose X-Forwarded-* we believe: 10.0.0.5,10.1.0.0/24; empty: none"
    ),
    Setting("TLS_CERT", "", "certificate chain (PEM) to serve TLS ourselves; empty: no TLS here"),
    Setting("TLS_KEY", "", "its private key (PEM)"),
    Setting("TLS_PORT", "8443", "port for TLS where TLS_CERT is set", int),
    Setting("SYNC_EVERY", "300", "seconds between two syncs of `make run`", int),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process."""

    port: int
    host: str
    site: Path
    site_home: str
    redis_url: str
    data_dir: Path
    locale: str
    public_url: str
    wsp_ports: tuple[int, ...]
    sync_every: int
    operators: Path | None
    hbbtv_control: str
    hbbtv_org: int
    hbbtv_app: int
    wap_hosts: str
    wap_origins: str
    fast_lane: bool
    cache_mb: int
    connections: int
    connections_each: int
    cdn_seconds: int
    letters_redis_url: str
    letters_replicas: int
    letters_trusted: bool
    letters_rules: Path | None
    letters_office: Path | None
    letters_secret_file: Path
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    tls_cert: Path | None
    tls_key: Path | None
    tls_port: int


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings.

    environ  os.environ by default       file  sunshine.toml in the working folder by default
    raises   WrongSetting, naming the setting and where it was read
    """
    environ = os.environ if environ is None else environ
    file = Path("sunshine.toml") if file is None else file
    written = _from_file(file)
    values: dict[str, str | int] = {}
    for row in TABLE:
        raw, where = row.default, "the default"
        if row.name.lower() in written:
            raw, where = str(written[row.name.lower()]), str(file)
        if environ.get(row.name) or (row.may_be_empty and row.name in environ):
            raw, where = environ[row.name], "the environment"
        values[row.name.lower()] = _convert(row, raw, where)
    site = Path(str(values["site"]))
    if not site.is_absolute() and not site.exists():
        site = PROJECT / site
    site = site.absolute()
    data_dir = Path(str(values["data_dir"])).absolute()
    return Settings(
        port=int(values["port"]),
        host=str(values["host"]),
        site=site,
        site_home=str(values["site_home"]),
        redis_url=str(values["redis_url"]),
        data_dir=data_dir,
        locale=str(values["locale"]),
        public_url=str(values["public_url"]),
        wsp_ports=_ports(str(values["wsp_ports"])),
        wap_hosts=str(values["wap_hosts"]),
        wap_origins=str(values["wap_origins"]),
        sync_every=int(values["sync_every"]),
        fast_lane=_on("FAST_LANE", str(values["fast_lane"])),
        cache_mb=_from_zero("CACHE_MB", int(values["cache_mb"]), 1_000_000),
        connections=_from_zero("CONNECTIONS", int(values["connections"]), 1_000_000),
        connections_each=_from_zero("CONNECTIONS_EACH", int(values["connections_each"]), 1_000_000),
        cdn_seconds=_from_zero("CDN_SECONDS", int(values["cdn_seconds"]), 86_400),
        operators=Path(str(values["operators"])).absolute() if values["operators"] else None,
        hbbtv_control=_control(str(values["hbbtv_control"])),
        hbbtv_org=_between("HBBTV_ORG", int(values["hbbtv_org"]), 2**32 - 1),
        hbbtv_app=_between("HBBTV_APP", int(values["hbbtv_app"]), 0x3FFF),
        letters_redis_url=str(values["letters_redis_url"]),
        letters_replicas=_at_least_none("LETTERS_REPLICAS", int(values["letters_replicas"])),
        letters_trusted=_one_of("LETTERS_STORAGE", str(values["letters_storage"]), "checked", "trusted")
        == "trusted",
        letters_rules=_beside(str(values["letters_rules"]), site, "letters.toml"),
        letters_office=_beside(str(values["letters_office"]), site, "office.toml"),
        letters_secret_file=_path(values["letters_secret_file"]) or data_dir / "letters" / "secret",
        trusted_proxies=_networks(str(values["trusted_proxies"])),
        tls_cert=_path(values["tls_cert"]),
        tls_key=_path(values["tls_key"]),
        tls_port=int(values["tls_port"]),
    )


def _from_file(file: Path) -> dict[str, object]:
    if not file.exists():
        return {}
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSetting(f"{file} is not TOML: {error}") from error
    known = {row.name.lower() for row in TABLE}
    for name in written:
        if name not in known:
            raise WrongSetting(f"{file}: no setting is called '{name}'; there are {', '.join(sorted(known))}")
    return written


def _convert(row: Setting, raw: str, where: str) -> str | int:
    if row.kind is int:
        try:
            number = int(raw)
            if row.name == "PORT" and not 0 <= number < 65536:
                raise WrongSetting(f"PORT from {where} must be between 0 and 65535, not {number}")
            return number
        except ValueError:
            raise WrongSetting(f"{row.name} from {where} must be a whole number, not '{raw}'") from None
    return raw


def _path(written: str | int) -> Path | None:
    return Path(str(written)).absolute() if written else None


def _beside(written: str, site: Path, name: str) -> Path | None:
    """The file that is named, else those beside the site file, None where there are none."""
    if written:
        return Path(written).absolute()
    beside = site.parent / name
    return beside if beside.exists() else None


def _at_least_none(name: str, number: int) -> int:
    if number < 0:
        raise WrongSetting(f"{name} must be 0 or more, not {number}")
    return number


def _one_of(name: str, written: str, *choices: str) -> str:
    if written not in choices:
        raise WrongSetting(f"{name} must be {' or '.join(choices)}, not '{written}'")
    return written


def _networks(written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in written.split(",") if part.strip())
    except ValueError as error:
        raise WrongSetting(f"TRUSTED_PROXIES must be addresses or networks: {error}") from None


def _control(written: str) -> str:
    if written not in ("AUTOSTART", "PRESENT"):
        raise WrongSetting(f"HBBTV_CONTROL must be AUTOSTART or PRESENT, not '{written}'")
    return written


def _between(name: str, number: int, most: int) -> int:
    if not 0 < number <= most:
        raise WrongSetting(f"{name} must be a number from 1 to {most}, not {number}")
    return number


def _on(name: str, written: str) -> bool:
    if written.lower() not in ("on", "off"):
        raise WrongSetting(f"{name} must be on or off, not '{written}'")
    return written.lower() == "on"


def _from_zero(name: str, number: int, most: int) -> int:
    if not 0 <= number <= most:
        raise WrongSetting(f"{name} must be a number from 0 to {most}, not {number}")
    return number


def _ports(written: str) -> tuple[int, ...]:
    try:
        ports = tuple(int(part) for part in written.split(",") if part.strip())
    except ValueError:
        ports = (-1,)
    if len(ports) not in (0, 2) or not all(0 <= port < 65536 for port in ports):
        raise WrongSetting(f"WSP_PORTS must be two port numbers such as 9200,9201, or empty, not '{written}'")
    return ports
