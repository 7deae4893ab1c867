"""Who gets in where, written by hand from the contract and never made from the table of routes.

Columns: anonymous, user, moderator, admin. `in` the handler is reached; 401, 403 refused; `login` a page
that sends to /login. All ask as if from far away: with a forwarding header, and no proxy is trusted.
"""

from __future__ import annotations

EXPECTED = """
GET     /health                                                     in     in   in   in
GET     /health/deep                                                401    403  403  in
GET     /metrics                                                    401    403  403  in
GET     /ws                                                         in     in   in   in
GET     /api/v1/openapi.json                                        401    in   in   in

GET     /api/v1/setup                                               in     in   in   in
POST    /api/v1/setup                                               in     in   in   in
POST    /api/v1/auth/register                                       in     in   in   in
POST    /api/v1/auth/login                                          in     in   in   in
POST    /api/v1/auth/refresh                                        in     in   in   in
POST    /api/v1/auth/logout                                         401    in   in   in
GET     /api/v1/auth/me                                             401    in   in   in
GET     /api/v1/auth/sessions                                       401    in   in   in
DELETE  /api/v1/auth/sessions/{id}                                  401    in   in   in
GET     /api/v1/auth/api-keys                                       401    in   in   in
POST    /api/v1/auth/api-keys                                       401    in   in   in
DELETE  /api/v1/auth/api-keys/{id}                                  401    in   in   in
GET     /api/v1/auth/me/debrid                                      401    in   in   in
PUT     /api/v1/auth/me/debrid/{service}                            401    in   in   in
DELETE  /api/v1/auth/me/debrid/{service}                            401    in   in   in
POST    /api/v1/auth/me/debrid/{service}/test                       401    in   in   in

GET     /api/v1/admin/users                                         401    403  403  in
POST    /api/v1/admin/users                                         401    403  403  in
GET     /api/v1/admin/users/{id}                                    401    403  403  in
PUT     /api/v1/admin/users/{id}                                    401    403  403  in
PUT     /api/v1/admin/users/{id}/role                               401    403  403  in
GET     /api/v1/admin/audit-logs                                    401    403  in   in
GET     /api/v1/admin/system/stats                                  401    403  in   in
GET     /api/v1/admin/dead-letters                                  401    403  403  in
POST    /api/v1/admin/dead-letters/{id}/retry                       401    403  403  in
DELETE  /api/v1/admin/dead-letters/{id}                             401    403  403  in
GET     /api/v1/claims                                              401    403  403  in
GET     /api/v1/claims/trust                                        401    403  403  in
GET     /api/v1/admin/cache                                         401    403  403  in
DELETE  /api/v1/admin/cache                                         401    403  403  in
GET     /api/v1/tasks                                               401    in   in   in
POST    /api/v1/tasks                                               401    403  in   in
GET     /api/v1/tasks/{id}                                          401    in   in   in
GET     /api/v1/providers                                           401    403  403  in
GET     /api/v1/providers/{name}/history                            401    403  403  in
GET     /api/v1/settings                                            401    403  403  in
PUT     /api/v1/settings                                            401    403  403  in
POST    /api/v1/settings/test/{integration}                         401    403  403  in

POST    /api/v1/search                                              401    in   in   in
GET     /api/v1/search/{id}                                         401    in   in   in
GET     /api/v1/search/{id}/providers                               401    in   in   in
POST    /api/v1/search/{id}/score                                   401    in   in   in

GET     /api/v1/profiles                                            401    in   in   in
POST    /api/v1/profiles                                            401    403  403  in
POST    /api/v1/profiles/import                                     401    403  403  in
POST    /api/v1/profiles/preview                                    401    403  403  in
GET     /api/v1/profiles/{name}                                     401    in   in   in
PUT     /api/v1/profiles/{name}                                     401    403  403  in
DELETE  /api/v1/profiles/{name}                                     401    403  403  in
GET     /api/v1/admin/users/{id}/profile                            401    403  403  in
PUT     /api/v1/admin/users/{id}/profile                            401    403  403  in
GET     /api/v1/media/{id}/slots                                    401    in   in   in
PUT     /api/v1/media/{id}/slots                                    401    403  in   in

GET     /api/v1/tmdb/trending                                       401    in   in   in
GET     /api/v1/tmdb/discover                                       401    in   in   in
GET     /api/v1/tmdb/search                                         401    in   in   in
GET     /api/v1/tmdb/movie/{id}                                     401    in   in   in
GET     /api/v1/tmdb/tv/{id}                                        401    in   in   in
GET     /api/v1/tmdb/tv/{id}/season/{n}                             401    in   in   in
GET     /api/v1/tmdb/credits/{type}/{id}                            401    in   in   in
GET     /api/v1/tmdb/videos/{type}/{id}                             401    in   in   in
GET     /api/v1/tmdb/watch-providers/{type}/{id}                    401    in   in   in
GET     /api/v1/tmdb/similar/{type}/{id}                            401    in   in   in
GET     /api/v1/tmdb/person/{id}                                    401    in   in   in
GET     /api/v1/tmdb/image/{size}/{name}                            401    in   in   in

GET     /api/v1/recommendations                                     401    in   in   in
GET     /api/v1/media                                               401    in   in   in
POST    /api/v1/media                                               401    403  in   in
GET     /api/v1/media/{id}                                          401    in   in   in
PUT     /api/v1/media/{id}                                          401    403  in   in
DELETE  /api/v1/media/{id}                                          401    403  in   in
POST    /api/v1/media/{id}/restore                                  401    403  in   in
GET     /api/v1/media/{id}/files                                    401    in   in   in
GET     /api/v1/media/{id}/summary                                  401    in   in   in
GET     /api/v1/media/{id}/episodes                                 401    in   in   in
POST    /api/v1/media/{id}/enrich                                   401    403  in   in
GET     /api/v1/media/{id}/poster                                   401    in   in   in
GET     /api/v1/media/{id}/backdrop                                 401    in   in   in
GET     /api/v1/library/favorites                                   401    in   in   in
POST    /api/v1/library/favorites                                   401    in   in   in
DELETE  /api/v1/library/favorites/{media_id}                        401    in   in   in
GET     /api/v1/library/watchlist                                   401    in   in   in
POST    /api/v1/library/watchlist                                   401    in   in   in
DELETE  /api/v1/library/watchlist/{media_id}                        401    in   in   in
GET     /api/v1/library/status/{media_id}                           401    in   in   in
GET     /api/v1/library/status/{tmdb_id}/{media_type}               401    in   in   in
POST    /api/v1/library/scan                                        401    403  in   in
GET     /api/v1/library/bin                                         401    403  in   in
DELETE  /api/v1/library/bin/{media_id}                              401    403  403  in
POST    /api/v1/history/watch                                       401    in   in   in
GET     /api/v1/history/continue                                    401    in   in   in
GET     /api/v1/history/watched                                     401    in   in   in
DELETE  /api/v1/history/{id}                                        401    in   in   in
GET     /api/v1/collections                                         401    in   in   in
POST    /api/v1/collections                                         401    in   in   in
GET     /api/v1/collections/{id}                                    401    in   in   in
PUT     /api/v1/collections/{id}                                    401    in   in   in
DELETE  /api/v1/collections/{id}                                    401    in   in   in
POST    /api/v1/collections/{id}/media                              401    in   in   in
DELETE  /api/v1/collections/{id}/media/{media_id}                   401    in   in   in

POST    /api/v1/downloads/start                                     401    in   in   in
GET     /api/v1/downloads                                           401    in   in   in
GET     /api/v1/downloads/{id}                                      401    in   in   in
POST    /api/v1/downloads/{id}/pause                                401    in   in   in
POST    /api/v1/downloads/{id}/resume                               401    in   in   in
POST    /api/v1/downloads/{id}/cancel                               401    in   in   in
GET     /api/v1/downloads/{id}/files/{index}/stream                 401    in   in   in

GET     /api/v1/files/{id}/stream                                   401    in   in   in
GET     /api/v1/streaming/direct/{id}                               401    in   in   in
GET     /api/v1/streaming/direct/{type}/{tmdb_id}                   401    in   in   in
GET     /api/v1/streaming/providers/{id}                            401    in   in   in
POST    /api/v1/streaming/{id}/start                                401    in   in   in
POST    /api/v1/streaming/{id}/stop                                 401    in   in   in
GET     /api/v1/streaming/consumet/{type}/{tmdb_id}                 401    in   in   in
GET     /api/v1/streaming/results/{id}                              401    in   in   in
GET     /api/v1/streaming/proxy                                     401    403  403  403
GET     /api/v1/streaming/sessions/{id}/main.m3u8                   401    in   in   in
GET     /api/v1/streaming/sessions/{id}/init.mp4                    401    in   in   in
GET     /api/v1/streaming/sessions/{id}/segments/{number}.m4s       401    in   in   in
GET     /api/v1/streaming/sessions/{id}/subtitles/{index}.vtt       401    in   in   in

GET          /dlna/device.xml                                       in     in   in   in
GET          /dlna/icons/{size}.png                                 in     in   in   in
GET          /dlna/files/{file}                                     in     in   in   in
GET          /dlna/posters/{file}                                   in     in   in   in
GET          /dlna/{service}/scpd.xml                               in     in   in   in
POST         /dlna/{service}/control                                in     in   in   in
SUBSCRIBE    /dlna/{service}/event                                  in     in   in   in
UNSUBSCRIBE  /dlna/{service}/event                                  in     in   in   in

GET     /static/{version}/{name}                                    in     in   in   in
GET     /setup                                                      /      /    /    in
GET     /login                                                      in     in   in   in
GET     /                                                           login  in   in   in
GET     /films                                                      login  in   in   in
GET     /series                                                     login  in   in   in
GET     /library                                                    login  in   in   in
GET     /movie/{id}                                                 login  in   in   in
GET     /tv/{id}                                                    login  in   in   in
GET     /title/{id}                                                 login  in   in   in
GET     /person/{id}                                                login  in   in   in
GET     /search                                                     login  in   in   in
GET     /downloads                                                  login  in   in   in
GET     /watch/{type}/{id}                                          login  in   in   in
GET     /account                                                    login  in   in   in
GET     /settings                                                   login  403  403  in
GET     /settings/all                                               login  403  403  in
GET     /settings/profiles                                          login  403  403  in
GET     /settings/trust                                             login  403  403  in
GET     /system                                                     login  403  403  in
GET     /logs                                                       login  403  403  in
"""

# The only addresses that work by a signed token of their own.
SIGNED = """
/api/v1/files/{id}/stream
/api/v1/downloads/{id}/files/{index}/stream
/api/v1/streaming/sessions/{id}/main.m3u8
/api/v1/streaming/sessions/{id}/init.mp4
/api/v1/streaming/sessions/{id}/segments/{number}.m4s
/api/v1/streaming/sessions/{id}/subtitles/{index}.vtt
"""

# Answered to devices of the local network alone.
LAN = """
/dlna/device.xml
/dlna/icons/{size}.png
/dlna/files/{file}
/dlna/posters/{file}
/dlna/{service}/scpd.xml
/dlna/{service}/control
/dlna/{service}/event
"""
