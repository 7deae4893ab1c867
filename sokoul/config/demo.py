"""The configuration of a demonstration: the ordinary one, kept apart and to this machine."""

from __future__ import annotations

from sokoul.config.load import Loaded
from sokoul.config.model import Config


def demo_config(loaded: Loaded) -> Config:
    """State in `state_dir/demo`; unless given otherwise, media there too and everything on loopback."""
    config, locked = loaded.config, loaded.locked
    state = config.state_dir / "demo"

    def unless_given(section: str, **values: object) -> dict[str, object]:
        return {key: value for key, value in values.items() if f"{section}.{key}" not in locked}

    # What listens on loopback only must not be announced to the household.
    dlna = {} if "http.host" in locked else unless_given("dlna", interfaces=("lo",))
    return config.model_copy(
        update={
            "state_dir": state,
            "http": config.http.model_copy(update=unless_given("http", host="127.0.0.1")),
            "torrent": config.torrent.model_copy(
                update=unless_given("torrent", listen="127.0.0.1:0", directory=state / "downloads")
            ),
            "dlna": config.dlna.model_copy(update=dlna),
            "library": config.library.model_copy(
                update=unless_given("library", movies=state / "movies", series=state / "series")
            ),
        }
    )
