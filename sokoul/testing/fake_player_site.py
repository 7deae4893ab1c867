"""A site of films that makes it hard: `python -m sokoul.testing.fake_player_site`.

Its player is built by script, in a frame, behind a click, under advertising; the playlist wants a Referer.
Other pages of it do everything that a page can do to a visitor. All names end in `.test` and lead to its own
port: `addresses` answers as a name service would. Without names (`named=False`, as by hand) all of it is at
the one address 127.0.0.1.
"""

from __future__ import annotations

import socket
from typing import Any, Final

from aiohttp import web

from sokoul.testing.serving import FakeServer, run_by_hand

SITE, PLAYER, CDN, ADVERTISING = "films.test", "player.test", "cdn.test", "adcash.com"
# Browsers trust such a name without a certificate, so it may have caches and service workers.
TRUSTED: Final = "films.localhost"
REBINDING: Final = "rebinding.test"
FILMS: Final = ("Big Buck Bunny", "Sintel", "Tears of Steel", "Elephants Dream")
MASTER: Final = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Français",LANGUAGE="fr",URI="fr.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=5000000,RESOLUTION=1920x1080,CODECS="avc1.640028,mp4a.40.2",AUDIO="a"
1080p.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=2500000,RESOLUTION=1280x720,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
720p.m3u8
"""
_AGAIN = "<script>setTimeout(() => { location.href = '/circle?' + Math.random() }, 1)</script>"
_TRICKS: Final = {
    "endless": "<script>while (true) { }</script>",
    "eater": "<script>const all = []; setInterval(() => { for (let i = 0; i < 8; i++)"
    " { const b = new Uint8Array(8 << 20); for (let j = 0; j < b.length; j += 4096) b[j] = 1;"
    " all.push(b) } }, 5)</script>",
    "huge": "<script>let text = '<div>'.repeat(500); for (let i = 0; i < 200; i++)"
    " document.body.insertAdjacentHTML('beforeend', text + i)</script>",
    "alerts": "<script>for (let i = 0; i < 20; i++) alert(i); onbeforeunload = () => 'stay'; confirm('?');"
    " fetch('http://{cdn}:{port}/after.m3u8')</script>",
    "windows": "<script>for (let i = 0; i < 300; i++) window.open('http://adcash.com:{port}/' + i)</script>",
    "away": "<script>location.href = 'http://elsewhere.test:{port}/'</script>",
    "circle": _AGAIN,
    "download": "<a id=get href='/film.zip' download>x</a><script>document.getElementById('get').click();"
    " fetch('http://{cdn}:{port}/after.m3u8')</script>",
    "inside": """<script>
      const go = (u) => { try { fetch(u, {mode: 'no-cors'}).catch(() => 0) } catch {} };
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0', '127.1', '2130706433', '0x7f.1',
        'rebinding.test', '127.0.0.1.nip.test', '[::ffff:127.0.0.1]', '169.254.169.254', '10.0.0.1'])
        { go(`http://${host}:{canary}/`); go(`https://${host}:{canary}/`);
          new Image().src = `http://${host}:{canary}/i.png`;
          try { new WebSocket(`ws://${host}:{canary}/`) } catch {}
          const f = document.createElement('iframe');
          f.src = `http://${host}:{canary}/f`; document.body.append(f) }
      go('file:///etc/passwd');
      const frame = document.createElement('iframe');
      frame.src = 'file:///etc/passwd'; document.body.append(frame);
      for (const here of [window, frame.contentWindow]) try {
        const peer = new here.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:{canary}'},
          {urls: 'turn:127.0.0.1:{canary}?transport=tcp', username: 'a', credential: 'b'}]});
        peer.createDataChannel('x'); peer.createOffer().then(o => peer.setLocalDescription(o));
      } catch {}
      try { new WebTransport('https://127.0.0.1:{canary}/') } catch {}
      setTimeout(() => fetch('http://{cdn}:{port}/after.m3u8'), 700)
    </script>""",
    "worker": "<script>navigator.serviceWorker?.register('/worker.js').catch(() => 0);"
    " setTimeout(() => fetch('http://{cdn}:{port}/after.m3u8'), 300)</script>",
    "silent": "<p>Nothing here.</p>",
    "video": "<video autoplay muted src='http://{cdn}:{port}/film.mp4'></video>",
    "thread": "<script>new Worker(URL.createObjectURL(new Blob(["
    "`fetch('http://{cdn}:{port}/after.m3u8').catch(() => 0)`])))</script>",
    "rendered": "<form action='/trick/rendered'><input name=q></form><ul></ul><p style='height:3000px'>"
    "<i id=low>low</i><script>const q = new URLSearchParams(location.search).get('q');"
    " if (q) setTimeout(() => { document.querySelector('ul').innerHTML ="
    " `<li class=film><a href='/film/1'>${q}</a><i>700 Mo</i></li>` }, 100);"
    " onscroll = () => document.body.dataset.scrolled = 1;"
    " document.querySelector('form').insertAdjacentHTML('beforeend', '<button>go</button>')</script>",
}


class FakePlayerSite(FakeServer):
    """The site; `canary` is a port that no page may ever reach, `seen` what came to the playlist."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, canary: int = 9, named: bool = True
    ) -> None:
        super().__init__(host=host, port=port)
        self.canary = canary
        self.site, self.player, self.cdn = (SITE, PLAYER, CDN) if named else (host, host, host)
        self.marks: list[str] = []
        self.downloads = 0

    @property
    def allowed(self) -> list[str]:
        """What `http.outbound_allow` has to hold."""
        return [f"{name}:{self.port}" for name in (self.site, self.player, self.cdn, TRUSTED)]

    def addresses(self, host: str, port: int, family: int, kind: int) -> Any:
        """As `socket.getaddrinfo`: every name of the site is here, others are nowhere."""
        del family
        if host in {SITE, PLAYER, CDN, TRUSTED}:
            return [(socket.AF_INET, kind, 6, "", ("127.0.0.1", port))]
        if host == REBINDING:
            return [(socket.AF_INET, kind, 6, "", (one, port)) for one in ("192.0.2.1", "127.0.0.1")]
        if host.endswith("nip.test"):
            return [(socket.AF_INET, kind, 6, "", ("127.0.0.1", port))]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def address(self, path: str) -> str:
        """Of one of its pages."""
        return f"http://{self.site}:{self.port}{path}"

    def trusted(self, path: str) -> str:
        """The same page under the name that browsers trust."""
        return f"http://{TRUSTED}:{self.port}{path}"

    @property
    def definition(self) -> str:
        """How Sokoul is told to look here, in YAML."""
        text = _DEFINITION.replace("films.test", self.site)
        text = text.replace("player.test", self.player).replace("cdn.test", self.cdn)
        return text.replace("{port}", str(self.port))

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/search", self._search),
            web.get("/film/{number}", self._film),
            web.get("/embed/{number}", self._embed),
            web.get("/hls/{number}/master.m3u8", self._master),
            web.get("/after.m3u8", self._after),
            web.get("/trick/{name}", self._trick),
            web.get("/circle", self._circle),
            web.get("/redirect", self._redirect),
            web.get("/marks", self._marks),
            web.get("/cached", self._cached),
            web.get("/plain/{number}", self._plain),
            web.get("/film.zip", self._download),
            web.get("/film.mp4", self._video),
            web.get("/worker.js", self._worker),
            web.get("/advertising", self._advertising),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        wanted = request.query.get("q", "").lower()
        found = [(number, film) for number, film in enumerate(FILMS) if wanted in film.lower()]
        rows = "".join(
            f'<li class=film><a href="{self.address(f"/film/{number}")}">{film}</a> <i>1,4 Go</i></li>'
            for number, film in found
        )
        return _page(f"<ul>{rows}</ul>")

    async def _film(self, request: web.Request) -> web.Response:
        """The player comes by script, later; three advertisements lie over it, and a window springs up."""
        number = int(request.match_info["number"])
        over = "position:fixed;inset:0;width:100%;height:100%;border:0;opacity:.01;z-index:"
        return _page(f"""<h1>{FILMS[number % len(FILMS)]}</h1><div id=stage></div><script>
          window.open('http://{ADVERTISING}:{self.port}/advertising?window');
          setTimeout(() => {{
            const frame = document.createElement('iframe');
            frame.id = 'player'; frame.width = 640; frame.height = 360;
            frame.src = ['http:/', '{self.player}:{self.port}', 'embed', {number}].join('/');
            document.getElementById('stage').append(frame);
            for (const [index, host] of ['{ADVERTISING}', 'x.{ADVERTISING}', '{self.site}'].entries()) {{
              const advertisement = document.createElement('iframe');
              advertisement.src = `http://${{host}}:{self.port}/advertising?${{index}}`;
              advertisement.style = '{over}' + (9 + index);
              document.body.append(advertisement);
            }}
          }}, 150);
        </script>""")

    async def _embed(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        return _page(f"""<div id=cover style="position:absolute;inset:0"></div>
          <button id=play style="width:300px;height:200px">▶</button><script>
          document.cookie = 'visitor=1; path=/';
          document.getElementById('play').addEventListener('click', async (event) => {{
            if (!event.isTrusted) return;
            window.open('http://{ADVERTISING}:{self.port}/advertising?clicked');
            const key = await new Promise(done => setTimeout(() => done('k' + 7 * 6), 50));
            const video = document.createElement('video');
            document.body.append(video);
            const reply = await fetch(`http://{self.cdn}:{self.port}/hls/{number}/master.m3u8?token=${{key}}`);
            video.title = (await reply.text()).length;
          }});
        </script>""")

    async def _master(self, request: web.Request) -> web.Response:
        """Only for who comes from the player."""
        if not request.headers.get("Referer", "").startswith(f"http://{self.player}:{self.port}"):
            return web.Response(status=403)
        if request.query.get("token") != "k42":
            return web.Response(status=404)
        return _playlist()

    async def _after(self, _: web.Request) -> web.Response:
        return _playlist()

    async def _trick(self, request: web.Request) -> web.Response:
        text = _TRICKS[request.match_info["name"]]
        text = text.replace("{port}", str(self.port)).replace("{cdn}", self.cdn)
        return _page(text.replace("{canary}", str(self.canary)))

    async def _circle(self, _: web.Request) -> web.Response:
        return _page(_AGAIN)

    async def _redirect(self, request: web.Request) -> web.Response:
        here = int(request.query.get("n", "0"))
        raise web.HTTPFound(f"/redirect?n={here + 1}")

    async def _marks(self, request: web.Request) -> web.Response:
        """Leaves marks in every store that a browser has, and says which it found of earlier visits."""
        self.marks += [f"cookie {name}" for name in request.cookies]
        answer = _page(f"""<script>(async () => {{
          const found = [];
          if (localStorage.mark) found.push('localStorage');
          if (sessionStorage.mark) found.push('sessionStorage');
          if (document.cookie.includes('script')) found.push('script cookie');
          if ((await caches.keys()).length) found.push('caches');
          if ((await indexedDB.databases()).length) found.push('indexedDB');
          if ((await navigator.serviceWorker?.getRegistrations() ?? []).length) found.push('service worker');
          if (window.name) found.push('window.name');
          localStorage.mark = sessionStorage.mark = window.name = 'here';
          document.cookie = 'script=1; max-age=9999';
          await (await caches.open('mark')).put('/x', new Response('x'));
          await new Promise(done => {{ const opened = indexedDB.open('mark'); opened.onsuccess = done; }});
          await fetch('/cached');
          await fetch(`http://{self.cdn}:{self.port}/after.m3u8?found=${{found.join('+')}}`);
        }})()</script>""")
        answer.set_cookie("server", "1", max_age=9999, httponly=True)
        return answer

    async def _cached(self, request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match"):
            self.marks.append("cached document")
        return web.Response(text="x", headers={"ETag": '"mark"', "Cache-Control": "max-age=9999"})

    async def _plain(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        return _page(
            f'<script>film = {{file: "http:\\/\\/{self.cdn}:{self.port}\\/plain{number}.m3u8"}}</script>'
        )

    async def _download(self, _: web.Request) -> web.Response:
        self.downloads += 1
        return web.Response(body=b"x" * 100_000, content_type="application/zip")

    async def _video(self, _: web.Request) -> web.Response:
        self.downloads += 1
        return web.Response(body=b"x" * 5_000_000, content_type="video/mp4")

    async def _worker(self, _: web.Request) -> web.Response:
        self.marks.append("service worker")
        return web.Response(text="setInterval(() => fetch('/cached'), 10)", content_type="text/javascript")

    async def _advertising(self, request: web.Request) -> web.Response:
        del request
        return _page("<script>setInterval(() => window.open('/advertising'), 50)</script>Buy!")


_DEFINITION: Final = """\
name: films-test
label: Films, a test site
hosts: [films.test, player.test, cdn.test]
search:
  url: http://films.test:{port}/search
  parameters: {q: "{title}"}
  read: html
  each: li.film
  fields: {name: a, href: a@href, size: i}
  most: 2
detail:
  url: "{href}"
  via: browser
  read: requests
  steps:
    - {click: "#play", frames: ["#player"]}
  capture: {requests: ["*.m3u8*"], headers: [referer, origin, user-agent, cookie]}
offer:
  title: "{name} {height:p} WEB {languages}"
  size: "{size}"
limits: {seconds: 25, page_seconds: 15}
"""


def _page(body: str) -> web.Response:
    return web.Response(text=f"<!doctype html><body>{body}", content_type="text/html")


def _playlist() -> web.Response:
    return web.Response(
        text=MASTER,
        content_type="application/vnd.apple.mpegurl",
        headers={"Access-Control-Allow-Origin": "*"},
    )


if __name__ == "__main__":
    run_by_hand("A site of films that makes it hard", lambda port: FakePlayerSite(port=port, named=False))
