"""What handlers find in `request.app[...]`; `app` puts it there, nothing is global."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Callable

    from sokoul.config.model import Config
    from sokoul.features.accounts.service import AccountService
    from sokoul.features.debrid.service import DebridService
    from sokoul.features.download.service import DownloadService
    from sokoul.features.health.service import HealthService
    from sokoul.features.library.service import LibraryService
    from sokoul.features.playback.elsewhere import Elsewhere
    from sokoul.features.playback.service import PlaybackService
    from sokoul.features.profiles.service import ProfileService
    from sokoul.features.providers.service import ProviderService
    from sokoul.features.recommend.semantic import Semantic
    from sokoul.features.recommend.suggest import Suggestions
    from sokoul.features.recommend.summaries import Summaries
    from sokoul.features.search.service import SearchService
    from sokoul.features.settings.service import SettingsService
    from sokoul.lifecycle import Tasks
    from sokoul.web import ports
    from sokoul.web.limits import Limits
    from sokoul.web.live import Hub
    from sokoul.web.proxying import StreamProxy
    from sokoul.web.signing import Signer
    from sokoul.web.tickets import Tickets

CONFIG: web.AppKey[Callable[[], Config]] = web.AppKey("config")  # as it is at the moment
PROVIDERS: web.AppKey[ProviderService] = web.AppKey("providers")
SETTINGS: web.AppKey[SettingsService] = web.AppKey("settings")
ACCOUNTS: web.AppKey[AccountService] = web.AppKey("accounts")
SEARCH: web.AppKey[SearchService] = web.AppKey("search")
PROFILES: web.AppKey[ProfileService] = web.AppKey("profiles")
DOWNLOADS: web.AppKey[DownloadService] = web.AppKey("downloads")
LIBRARY: web.AppKey[LibraryService] = web.AppKey("library")
SEMANTIC: web.AppKey[Semantic] = web.AppKey("semantic")
SUMMARIES: web.AppKey[Summaries] = web.AppKey("summaries")
SUGGESTIONS: web.AppKey[Suggestions] = web.AppKey("suggestions")
PLAYBACK: web.AppKey[PlaybackService] = web.AppKey("playback")
HEALTH: web.AppKey[HealthService] = web.AppKey("health")
METADATA: web.AppKey[ports.Metadata] = web.AppKey("metadata")
PICTURES: web.AppKey[ports.Pictures] = web.AppKey("pictures")
CACHE: web.AppKey[ports.ByteCache] = web.AppKey("cache")
CLAIMS: web.AppKey[ports.Claims] = web.AppKey("claims")
DEAD_LETTERS: web.AppKey[ports.DeadLetters] = web.AppKey("dead_letters")
TASK_LIST: web.AppKey[ports.TaskList] = web.AppKey("task_list")
TESTER: web.AppKey[ports.IntegrationTester] = web.AppKey("tester")
TELEVISION: web.AppKey[ports.Television] = web.AppKey("television")
DEBRID: web.AppKey[DebridService] = web.AppKey("debrid")
ELSEWHERE: web.AppKey[Elsewhere] = web.AppKey("elsewhere")
PROXY: web.AppKey[StreamProxy] = web.AppKey("proxy")
TICKETS: web.AppKey[Tickets] = web.AppKey("tickets")
SIGNER: web.AppKey[Signer] = web.AppKey("signer")
LIMITS: web.AppKey[Limits] = web.AppKey("limits")
HUB: web.AppKey[Hub] = web.AppKey("hub")
TASKS: web.AppKey[Tasks] = web.AppKey("tasks")
