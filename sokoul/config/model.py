"""Every configuration key with its type and its default; nothing else in Sokoul holds a default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, SecretStr, model_validator

from sokoul.config.providers import Providers
from sokoul.config.types import (
    Amount,
    Command,
    Count,
    Folder,
    HostPort,
    Loose,
    Network,
    Port,
    Positive,
    Seconds,
    Section,
    ServerAddress,
    Text,
    Texts,
    TimeOfDay,
    WebAddress,
)

Role = Literal["api", "scout", "hunter", "oracle", "sentinel", "scheduler", "dlna", "cast", "telegram"]
ROLES: tuple[Role, ...] = get_args(Role)
Resolution = Literal["480p", "576p", "720p", "1080p", "1440p", "2160p", "4320p"]


class Http(Section):
    """Where the pages and the API listen; port 0 takes a free one."""

    host: Text = "0.0.0.0"  # noqa: S104  the household's television and phones must reach it
    port: Port = 3000
    public_url: WebAddress | None = None
    allowed_hosts: Texts = ()
    trusted_proxies: Annotated[tuple[Network, ...], Loose] = ()
    outbound_allow: Annotated[tuple[HostPort, ...], Loose] = ()
    cors_origins: Annotated[tuple[WebAddress, ...], Loose] = ()


class Pools(Section):
    """How many connections are kept: PostgreSQL least and most, Redis most."""

    postgres: Annotated[tuple[Positive, Positive], Loose] = (5, 20)
    redis: Positive = 10

    @model_validator(mode="after")
    def _least_before_most(self) -> Self:
        if self.postgres[0] > self.postgres[1]:
            raise ValueError("postgres: the first number (least) is above the second (most)")
        return self


class Services(Section):
    """Addresses of the servers; one that is None is started privately under `state_dir`."""

    postgres: ServerAddress | None = None
    redis: ServerAddress | None = None
    nats: ServerAddress | None = None
    postgres_read: Annotated[tuple[ServerAddress, ...], Loose] = ()
    pools: Pools = Pools()
    migrate: bool = True


class Accounts(Section):
    """Who may register, and whether the first account needs the one-time code."""

    registration: Literal["closed", "open"] = "closed"
    setup_code: Literal["auto", "required", "off"] = "auto"


class Search(Section):
    """Seconds: how long one search may take, how long its answer is kept."""

    timeout: Seconds = 30.0
    cache_ttl: Count = 86400


class Cache(Section):
    """Seconds that metadata and responses are kept."""

    metadata_ttl: Count = 86400
    response_ttl: Count = 300


class Limits(Section):
    """Most requests and so on; 0 switches a limit off."""

    user_per_minute: Count = 100
    search_per_minute: Count = 30
    downloads: Count = 5
    ip_per_minute: Count = 1000
    logins_per_minute: Count = 5
    websockets_per_ip: Count = 100


class Vpn(Section):
    """WireGuard configuration file for the torrent traffic."""

    config: Folder | None = None
    kill_switch: bool = True


class Thresholds(Section):
    """Where Sentinel raises an alert; percent, degrees Celsius, jobs."""

    disk_free_percent: Amount = 10.0
    cpu_percent: Amount = 95.0
    memory_percent: Amount = 95.0
    temperature_c: Amount = 85.0
    queue_depth: Count = 1000


class Sentinel(Section):
    """The watchman; `interval` in seconds."""

    interval: Seconds = 30.0
    thresholds: Thresholds = Thresholds()


class Backup(Section):
    """When and where to back up, and how many backups to keep."""

    schedule: Text = "03:30"
    target: Text | None = None
    key: SecretStr | None = None
    keep: Positive = 14


class Cleaning(Section):
    """After how many days something watched may be removed; None never."""

    watched_after_days: Positive | None = None


class Metrics(Section):
    """The token that lets another machine read `/metrics`."""

    token: SecretStr | None = None


class Smtp(Section):
    """The mail server, smtp://user:password@host:port."""

    url: ServerAddress | None = None


class Push(Section):
    """The contact (mailto: or https:) that web push services want."""

    contact: Text | None = None


class Profile(Section):
    """What a household accepts and prefers."""

    minimum: Resolution = "1080p"
    cutoff: Resolution = "1080p"
    prefer_codecs: Texts = ("hevc",)
    reject: Texts = ("cam", "telesync", "screener")
    languages: Texts = ()
    min_seeders: Count = 1

    @model_validator(mode="after")
    def _ladder(self) -> Self:
        if int(self.minimum[:-1]) > int(self.cutoff[:-1]):
            raise ValueError(f"cutoff: {self.cutoff} is below the minimum {self.minimum}")
        return self


class Quality(Section):
    """The quality profiles and the one used when none is named: of these, or one made on the page."""

    default_profile: Text = "hd"
    profiles: Mapping[str, Profile] = Field(default_factory=lambda: {"hd": Profile()})


class SpeedWindow(Section):
    """Other speed limits (bytes/s, 0 none) between two times of the day."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    download_limit: Count = 0
    upload_limit: Count = 0


class Torrent(Section):
    """The torrent engine; limits in bytes/s, times in seconds, 0 is none."""

    listen: HostPort = "0.0.0.0:6881"
    control: HostPort | None = None
    interface: Text | None = None
    dht: bool = True
    lsd: bool = True
    pex: bool = True
    max_active: Positive = 3
    download_limit: Count = 0
    upload_limit: Count = 0
    seed_ratio: Amount = 1.0
    seed_time: Count = 86400
    directory: Folder = Path("downloads")
    min_free_bytes: Count = 2147483648
    schedule: Annotated[tuple[SpeedWindow, ...], Loose] = ()


class Library(Section):
    """Where films and series lie, and how a finished download gets there."""

    movies: Folder = Path("media/movies")
    series: Folder = Path("media/series")
    import_: Literal["hardlink", "move", "copy"] = Field(default="hardlink", alias="import")
    watch: bool = True


class Playback(Section):
    """Streams made by FFmpeg; `temp_ttl` in seconds."""

    hls_dir: Folder | None = None
    max_transcodes: Count = 2
    temp_ttl: Count = 86400
    ffmpeg: Command = "ffmpeg"
    ffprobe: Command = "ffprobe"


class Subtitles(Section):
    """Wanted languages, best first; `auto` fetches them unasked."""

    languages: Texts = ("fr", "en")
    auto: bool = True


class OracleServer(Section):
    """A language model server of our own."""

    start: bool = False
    gguf: Folder | None = None


class Embeddings(Section):
    """The model that turns descriptions into vectors."""

    gguf: Folder | None = None


class Oracle(Section):
    """The language model, when there is one: at an OpenAI-compatible address, or served here.

    A key that the address wants is the password in it: https://sokoul:KEY@host/v1.
    """

    endpoint: WebAddress | None = None
    model: Text | None = None
    server: OracleServer = OracleServer()
    embeddings: Embeddings = Embeddings()


class Dlna(Section):
    """The media server that televisions see; port 0 is `http.port`."""

    enabled: bool = True
    name: Text = "Sokoul"
    interfaces: Texts = ()
    port: Port = 0


class Cast(Section):
    """Chromecasts; `known_hosts` are asked although they do not announce themselves."""

    enabled: bool = True
    known_hosts: Texts = ()


class Telegram(Section):
    """The bot; an empty `allowed_chats` means that nobody may speak to it."""

    token: SecretStr | None = None
    allowed_chats: Annotated[tuple[int, ...], Loose] = ()
    base_url: WebAddress | None = None


class Log(Section):
    """How much is logged and in which form, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["json", "text"] = "json"


class Config(Section):
    """The whole configuration; paths are absolute once it was loaded."""

    state_dir: Folder = Path("state")
    roles: Annotated[tuple[Role, ...], Loose, Field(min_length=1)] = ROLES
    http: Http = Http()
    services: Services = Services()
    accounts: Accounts = Accounts()
    providers: Providers = Providers()
    search: Search = Search()
    cache: Cache = Cache()
    limits: Limits = Limits()
    vpn: Vpn = Vpn()
    scheduler: Mapping[str, Text] = Field(default_factory=dict)
    sentinel: Sentinel = Sentinel()
    backup: Backup = Backup()
    cleaning: Cleaning = Cleaning()
    metrics: Metrics = Metrics()
    smtp: Smtp = Smtp()
    push: Push = Push()
    quality: Quality = Quality()
    torrent: Torrent = Torrent()
    library: Library = Library()
    playback: Playback = Playback()
    subtitles: Subtitles = Subtitles()
    oracle: Oracle = Oracle()
    dlna: Dlna = Dlna()
    cast: Cast = Cast()
    telegram: Telegram = Telegram()
    log: Log = Log()
