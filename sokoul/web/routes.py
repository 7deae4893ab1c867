"""Every address Sokoul answers, and who may call it. What is not here does not exist."""

from __future__ import annotations

from sokoul.web import operations
from sokoul.web.access import ADMIN, LAN, MODERATOR, OPERATIONS, PUBLIC, SIGNED, USER, Route, page_route
from sokoul.web.api import (
    accounts,
    admin,
    collections,
    downloads,
    library,
    media,
    search,
    settings,
    streaming,
    tasks,
    television,
    tmdb,
)
from sokoul.web.pages import acquire, browse, entry, operate

__all__ = ["ADMIN", "LAN", "MODERATOR", "OPERATIONS", "PUBLIC", "ROUTES", "SIGNED", "USER", "page_route"]

OPERATING: tuple[Route, ...] = (
    Route("GET", "/health", operations.health, PUBLIC, answer=operations.Alive, limit="none"),
    Route("GET", "/health/deep", operations.deep_health, OPERATIONS, answer=operations.Deep),
    Route("GET", "/metrics", operations.figures, OPERATIONS),
    Route("GET", "/ws", operations.live, PUBLIC),
    Route("GET", "/api/v1/openapi.json", operations.contract, USER),
)

ACCOUNTS: tuple[Route, ...] = (
    Route("GET", "/api/v1/setup", accounts.setup_state, PUBLIC, answer=accounts.SetupAnswer),
    Route(
        "POST",
        "/api/v1/setup",
        accounts.setup,
        PUBLIC,
        body=accounts.SetupBody,
        answer=accounts.MadeAnswer,
        status=201,
    ),
    Route(
        "POST",
        "/api/v1/auth/register",
        accounts.register,
        PUBLIC,
        body=accounts.RegisterBody,
        answer=accounts.MadeAnswer,
        status=201,
    ),
    Route(
        "POST",
        "/api/v1/auth/login",
        accounts.login,
        PUBLIC,
        body=accounts.LoginBody,
        answer=accounts.SignedInAnswer,
    ),
    Route(
        "POST",
        "/api/v1/auth/refresh",
        accounts.refresh,
        PUBLIC,
        body=accounts.RefreshBody,
        answer=accounts.SignedInAnswer,
    ),
    Route("POST", "/api/v1/auth/logout", accounts.logout, USER, status=204),
    Route("GET", "/api/v1/auth/me", accounts.me, USER, answer=accounts.UserAnswer),
    Route(
        "GET",
        "/api/v1/auth/sessions",
        accounts.sessions,
        USER,
        answer=accounts.SessionAnswer,
        listed=True,
    ),
    Route("DELETE", "/api/v1/auth/sessions/{id}", accounts.end_session, USER, status=204),
    Route(
        "GET",
        "/api/v1/auth/api-keys",
        accounts.api_keys,
        USER,
        answer=accounts.ApiKeyAnswer,
        listed=True,
    ),
    Route(
        "POST",
        "/api/v1/auth/api-keys",
        accounts.make_api_key,
        USER,
        body=accounts.ApiKeyBody,
        answer=accounts.NewApiKeyAnswer,
        status=201,
    ),
    Route("DELETE", "/api/v1/auth/api-keys/{id}", accounts.drop_api_key, USER, status=204),
)

ADMINISTRATION: tuple[Route, ...] = (
    Route("GET", "/api/v1/admin/users", admin.users, ADMIN, answer=admin.AccountAnswer, listed=True),
    Route(
        "POST",
        "/api/v1/admin/users",
        admin.add_user,
        ADMIN,
        body=admin.AddUserBody,
        answer=admin.AccountAnswer,
        status=201,
    ),
    Route("GET", "/api/v1/admin/users/{id}", admin.one_user, ADMIN, answer=admin.AccountAnswer),
    Route(
        "PUT",
        "/api/v1/admin/users/{id}",
        admin.change_user,
        ADMIN,
        body=admin.UserBody,
        answer=admin.AccountAnswer,
    ),
    Route(
        "PUT",
        "/api/v1/admin/users/{id}/role",
        admin.set_role,
        ADMIN,
        body=admin.RoleBody,
        answer=admin.AccountAnswer,
    ),
    Route(
        "GET",
        "/api/v1/admin/audit-logs",
        admin.audit_logs,
        MODERATOR,
        answer=admin.AuditAnswer,
        listed=True,
    ),
    Route("GET", "/api/v1/admin/system/stats", admin.stats, MODERATOR, answer=admin.StatsAnswer),
    Route(
        "GET",
        "/api/v1/admin/dead-letters",
        admin.dead_letters,
        ADMIN,
        answer=admin.DeadLetterAnswer,
        listed=True,
    ),
    Route("POST", "/api/v1/admin/dead-letters/{id}/retry", admin.retry_dead_letter, ADMIN, status=202),
    Route("DELETE", "/api/v1/admin/dead-letters/{id}", admin.drop_dead_letter, ADMIN, status=204),
    Route("GET", "/api/v1/tasks", tasks.tasks, USER, answer=tasks.TaskAnswer, listed=True),
    Route(
        "POST",
        "/api/v1/tasks",
        tasks.start_task,
        MODERATOR,
        body=tasks.TaskBody,
        answer=media.TaskMade,
        status=202,
    ),
    Route("GET", "/api/v1/tasks/{id}", tasks.one_task, USER, answer=tasks.TaskAnswer),
    Route("GET", "/api/v1/settings", settings.settings, ADMIN, answer=settings.SettingsAnswer),
    Route(
        "POST",
        "/api/v1/settings/test/{integration}",
        settings.test,
        ADMIN,
        body=settings.TestBody,
        answer=settings.TestAnswer,
    ),
)

SEARCH: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/search",
        search.start,
        USER,
        body=search.SearchBody,
        answer=search.StartedAnswer,
        status=202,
        also=(200,),
        limit="search",
    ),
    Route("GET", "/api/v1/search/{id}", search.read, USER, answer=search.SearchAnswer),
    Route("GET", "/api/v1/search/{id}/providers", search.by_provider, USER, answer=search.GroupedAnswer),
    Route("POST", "/api/v1/search/{id}/score", search.score, USER, answer=search.ScoredAnswer, status=202),
)

METADATA: tuple[Route, ...] = (
    Route("GET", "/api/v1/tmdb/trending", tmdb.trending, USER, query=tmdb.TrendingQuery),
    Route("GET", "/api/v1/tmdb/discover", tmdb.discover, USER, query=tmdb.DiscoverQuery),
    Route("GET", "/api/v1/tmdb/search", tmdb.search, USER, query=tmdb.SearchQuery),
    Route("GET", "/api/v1/tmdb/movie/{id}", tmdb.movie, USER, query=tmdb.InLanguage),
    Route("GET", "/api/v1/tmdb/tv/{id}", tmdb.series, USER, query=tmdb.InLanguage),
    Route("GET", "/api/v1/tmdb/tv/{id}/season/{n}", tmdb.season, USER, query=tmdb.InLanguage),
    Route("GET", "/api/v1/tmdb/credits/{type}/{id}", tmdb.credits_of, USER, query=tmdb.InLanguage),
    Route("GET", "/api/v1/tmdb/videos/{type}/{id}", tmdb.videos, USER, query=tmdb.InLanguage),
    Route(
        "GET",
        "/api/v1/tmdb/watch-providers/{type}/{id}",
        tmdb.watch_providers,
        USER,
        query=tmdb.InLanguage,
    ),
    Route("GET", "/api/v1/tmdb/similar/{type}/{id}", tmdb.similar, USER, query=tmdb.Paged),
    Route("GET", "/api/v1/tmdb/person/{id}", tmdb.person, USER, query=tmdb.InLanguage),
    Route("GET", "/api/v1/tmdb/image/{size}/{name}", tmdb.image, USER, limit="none"),
)

DOWNLOADS: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/downloads/start",
        downloads.start,
        USER,
        body=downloads.StartDownload,
        answer=downloads.Started,
        status=202,
    ),
    Route(
        "GET", "/api/v1/downloads", downloads.downloads, USER, answer=downloads.DownloadAnswer, listed=True
    ),
    Route("GET", "/api/v1/downloads/{id}", downloads.one, USER, answer=downloads.DownloadAnswer),
    Route("POST", "/api/v1/downloads/{id}/pause", downloads.pause, USER, answer=downloads.DownloadAnswer),
    Route("POST", "/api/v1/downloads/{id}/resume", downloads.resume, USER, answer=downloads.DownloadAnswer),
    Route(
        "POST",
        "/api/v1/downloads/{id}/cancel",
        downloads.cancel,
        USER,
        body=downloads.CancelDownload,
        answer=downloads.DownloadAnswer,
    ),
    Route("GET", "/api/v1/downloads/{id}/files/{index}/stream", downloads.stream, SIGNED),
)

MEDIA: tuple[Route, ...] = (
    Route(
        "GET",
        "/api/v1/media",
        media.media,
        USER,
        query=media.MediaQuery,
        answer=media.MediaAnswer,
        listed=True,
    ),
    Route(
        "POST",
        "/api/v1/media",
        media.add,
        MODERATOR,
        body=media.NewMediaBody,
        answer=media.MediaAnswer,
        status=201,
    ),
    Route("GET", "/api/v1/media/{id}", media.one, USER, answer=media.MediaAnswer),
    Route(
        "PUT", "/api/v1/media/{id}", media.change, MODERATOR, body=media.MediaBody, answer=media.MediaAnswer
    ),
    Route("DELETE", "/api/v1/media/{id}", media.remove, MODERATOR, status=204),
    Route("POST", "/api/v1/media/{id}/restore", media.restore, MODERATOR, answer=media.MediaAnswer),
    Route("GET", "/api/v1/media/{id}/files", media.files, USER, answer=media.FileAnswer, listed=True),
    Route("GET", "/api/v1/media/{id}/episodes", media.episodes, USER, answer=media.MediaAnswer, listed=True),
    Route("POST", "/api/v1/media/{id}/enrich", media.enrich, MODERATOR, answer=media.TaskMade, status=202),
    # A shelf shows dozens of pictures at once: they are not counted.
    Route("GET", "/api/v1/media/{id}/poster", media.poster, USER, limit="none"),
    Route("GET", "/api/v1/media/{id}/backdrop", media.backdrop, USER, limit="none"),
)

STREAMING: tuple[Route, ...] = (
    Route("GET", "/api/v1/files/{id}/stream", streaming.file, SIGNED),
    Route("GET", "/api/v1/streaming/direct/{id}", streaming.direct, USER, answer=streaming.DirectAnswer),
    Route(
        "GET",
        "/api/v1/streaming/direct/{type}/{tmdb_id}",
        streaming.direct_by_tmdb,
        USER,
        answer=streaming.DirectAnswer,
    ),
    Route(
        "GET",
        "/api/v1/streaming/providers/{id}",
        streaming.providers,
        USER,
        answer=list[streaming.ProviderAnswer],
    ),
    Route(
        "POST",
        "/api/v1/streaming/{id}/start",
        streaming.start,
        USER,
        body=streaming.StartBody,
        answer=streaming.StartedAnswer,
        status=201,
    ),
    Route("POST", "/api/v1/streaming/{id}/stop", streaming.stop, USER, status=204),
    Route("GET", "/api/v1/streaming/sessions/{id}/main.m3u8", streaming.playlist, SIGNED),
    Route("GET", "/api/v1/streaming/sessions/{id}/init.mp4", streaming.init, SIGNED),
    Route("GET", "/api/v1/streaming/sessions/{id}/segments/{number}.m4s", streaming.segment, SIGNED),
    Route("GET", "/api/v1/streaming/sessions/{id}/subtitles/{index}.vtt", streaming.subtitle, SIGNED),
)

LIBRARY: tuple[Route, ...] = (
    Route(
        "GET",
        "/api/v1/library/favorites",
        library.favorites,
        USER,
        answer=library.FavoriteAnswer,
        listed=True,
    ),
    Route(
        "POST",
        "/api/v1/library/favorites",
        library.add_favorite,
        USER,
        body=library.MediaRefBody,
        answer=library.FavoriteAnswer,
        status=201,
    ),
    Route("DELETE", "/api/v1/library/favorites/{media_id}", library.drop_favorite, USER, status=204),
    Route(
        "GET", "/api/v1/library/watchlist", library.watchlist, USER, answer=library.WishAnswer, listed=True
    ),
    Route(
        "POST",
        "/api/v1/library/watchlist",
        library.add_wish,
        USER,
        body=library.WishBody,
        answer=library.WishAnswer,
        status=201,
    ),
    Route("DELETE", "/api/v1/library/watchlist/{media_id}", library.drop_wish, USER, status=204),
    Route("GET", "/api/v1/library/status/{media_id}", library.status, USER, answer=library.StatusAnswer),
    Route(
        "GET",
        "/api/v1/library/status/{tmdb_id}/{media_type}",
        library.status_by_tmdb,
        USER,
        answer=library.StatusAnswer,
    ),
    Route("POST", "/api/v1/library/scan", library.scan, MODERATOR, answer=media.TaskMade, status=202),
    Route("GET", "/api/v1/library/bin", library.binned, MODERATOR, answer=library.BinnedAnswer, listed=True),
    Route("DELETE", "/api/v1/library/bin/{media_id}", library.empty_bin, ADMIN, status=204),
    Route(
        "POST",
        "/api/v1/history/watch",
        library.watch,
        USER,
        body=library.WatchBody,
        answer=library.WatchedAnswer,
    ),
    Route(
        "GET",
        "/api/v1/history/continue",
        library.continue_watching,
        USER,
        answer=library.WatchedAnswer,
        listed=True,
    ),
    Route("GET", "/api/v1/history/watched", library.seen, USER, answer=library.WatchedAnswer, listed=True),
    Route("DELETE", "/api/v1/history/{id}", library.forget, USER, status=204),
    Route(
        "GET",
        "/api/v1/collections",
        collections.collections,
        USER,
        answer=collections.CollectionAnswer,
        listed=True,
    ),
    Route(
        "POST",
        "/api/v1/collections",
        collections.add_collection,
        USER,
        body=collections.CollectionBody,
        answer=collections.CollectionAnswer,
        status=201,
    ),
    Route(
        "GET", "/api/v1/collections/{id}", collections.collection, USER, answer=collections.CollectionAnswer
    ),
    Route(
        "PUT",
        "/api/v1/collections/{id}",
        collections.change_collection,
        USER,
        body=collections.CollectionChangeBody,
        answer=collections.CollectionAnswer,
    ),
    Route("DELETE", "/api/v1/collections/{id}", collections.drop_collection, USER, status=204),
    Route(
        "POST",
        "/api/v1/collections/{id}/media",
        collections.put_in_collection,
        USER,
        body=collections.CollectionMediaBody,
        answer=collections.CollectionAnswer,
        status=201,
    ),
    Route(
        "DELETE",
        "/api/v1/collections/{id}/media/{media_id}",
        collections.take_from_collection,
        USER,
        status=204,
    ),
)

TELEVISION: tuple[Route, ...] = (
    Route("GET", "/dlna/device.xml", television.describe, LAN),
    Route("GET", "/dlna/icons/{size}.png", television.icon, LAN),
    Route("GET", "/dlna/files/{file}", television.file, LAN),
    Route("GET", "/dlna/posters/{file}", television.poster, LAN),
    Route("GET", "/dlna/{service}/scpd.xml", television.describe_service, LAN),
    Route("POST", "/dlna/{service}/control", television.control, LAN),
    Route("SUBSCRIBE", "/dlna/{service}/event", television.subscribe, LAN),
    Route("UNSUBSCRIBE", "/dlna/{service}/event", television.unsubscribe, LAN),
)

PAGES: tuple[Route, ...] = (
    Route("GET", "/static/{version}/{name:.+}", entry.static, PUBLIC, limit="none"),
    page_route("/setup", entry.setup, PUBLIC),
    page_route("/login", entry.login, PUBLIC),
    page_route("/", browse.home),
    page_route("/films", browse.films),
    page_route("/series", browse.series),
    page_route("/library", browse.library),
    page_route("/movie/{id}", browse.movie),
    page_route("/tv/{id}", browse.tv),
    page_route("/title/{id}", browse.title),
    page_route("/person/{id}", browse.person),
    page_route("/search", acquire.search),
    page_route("/downloads", acquire.downloads),
    page_route("/watch/{type}/{id}", acquire.watch),
    page_route("/settings", operate.settings, ADMIN),
    page_route("/system", operate.system, ADMIN),
    page_route("/logs", operate.logs, ADMIN),
)

ROUTES: tuple[Route, ...] = (
    *OPERATING,
    *ACCOUNTS,
    *ADMINISTRATION,
    *SEARCH,
    *METADATA,
    *DOWNLOADS,
    *MEDIA,
    *STREAMING,
    *LIBRARY,
    *TELEVISION,
    *PAGES,
)
