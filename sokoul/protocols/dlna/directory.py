"""The actions of the services: pure translation between the catalogue and UPnP."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from sokoul.domain.errors import NotFound
from sokoul.features.library.catalogue import ALL, ROOT, Branch, Node
from sokoul.protocols.dlna import didl, soap
from sokoul.protocols.dlna.catalogue import Catalogue
from sokoul.protocols.dlna.description import Service

Arguments = Mapping[str, str]
Answer = dict[str, object]

# An answer stays well under what small televisions can hold, however many items they ask for.
MOST_AT_ONCE = 5000
_SEARCH = re.compile(r'upnp:class\s+(?:derivedfrom|=)\s+"object\.item(?:\.videoItem[\w.]*)?"', re.IGNORECASE)
_SEARCH_CAPABILITIES = "upnp:class"


class Actions:
    """Answers actions; raises `soap.Fault`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._table: Mapping[tuple[str, str], Callable[[Arguments, str], Coroutine[Any, Any, Answer]]] = {
            ("cds", "Browse"): self._browse,
            ("cds", "Search"): self._search,
            ("cds", "GetSystemUpdateID"): self._update_id,
            ("cds", "GetSearchCapabilities"): _constant(SearchCaps=_SEARCH_CAPABILITIES),
            ("cds", "GetSortCapabilities"): _constant(SortCaps=""),
            ("cms", "GetProtocolInfo"): _constant(Source=didl.source_protocols(), Sink=""),
            ("cms", "GetCurrentConnectionIDs"): _constant(ConnectionIDs="0"),
            ("cms", "GetCurrentConnectionInfo"): _connection,
            ("registrar", "IsAuthorized"): _constant(Result=1),
            ("registrar", "IsValidated"): _constant(Result=1),
        }

    async def run(self, service: Service, name: str, arguments: Arguments, base: str) -> Answer:
        """Do one action; arguments that the action does not know are ignored."""
        action, handler = service.action(name), self._table.get((service.path, name))
        if action is None or handler is None:
            raise soap.Fault(soap.INVALID_ACTION)
        missing = [argument for argument, _ in action.takes if argument not in arguments]
        # Some televisions leave out what they have no wish about.
        if set(missing) - {"Filter", "SortCriteria"}:
            raise soap.Fault(soap.INVALID_ARGS)
        return await handler(arguments, base)

    async def _browse(self, arguments: Arguments, base: str) -> Answer:
        object_id, flag = arguments["ObjectID"], arguments["BrowseFlag"]
        try:
            if flag == "BrowseMetadata":
                return await self._listed([await self._catalogue.item(object_id)], 1, base)
            if flag != "BrowseDirectChildren":
                raise soap.Fault(soap.ARGUMENT_VALUE_INVALID)
            start, count = _range(arguments)
            entries, total = await self._catalogue.children(object_id, start, count)
        except NotFound as err:
            raise soap.Fault(soap.NO_SUCH_OBJECT) from err
        return await self._listed(entries, total, base)

    async def _search(self, arguments: Arguments, base: str) -> Answer:
        criteria = arguments["SearchCriteria"].strip()
        if criteria != "*" and not _SEARCH.search(criteria):
            raise soap.Fault(soap.BAD_SEARCH)
        start, count = _range(arguments)
        try:
            entry = await self._catalogue.item(arguments["ContainerID"] or ROOT)
            if not isinstance(entry, Branch):
                raise soap.Fault(soap.NO_SUCH_CONTAINER)
            entries, total = await self._catalogue.children(ALL, start, count)
        except NotFound as err:
            raise soap.Fault(soap.NO_SUCH_CONTAINER) from err
        return await self._listed(entries, total, base)

    async def _update_id(self, _arguments: Arguments, _base: str) -> Answer:
        return {"Id": await self._catalogue.update_id()}

    async def _listed(self, entries: Any, total: int, base: str) -> Answer:
        listed: list[Node] = list(entries)
        return {
            "Result": didl.document(listed, base),
            "NumberReturned": len(listed),
            "TotalMatches": total,
            "UpdateID": await self._catalogue.update_id(),
        }


def _range(arguments: Arguments) -> tuple[int, int]:
    try:
        start, count = int(arguments["StartingIndex"]), int(arguments["RequestedCount"])
    except ValueError as err:
        raise soap.Fault(soap.ARGUMENT_VALUE_INVALID) from err
    if start < 0 or count < 0:
        raise soap.Fault(soap.ARGUMENT_VALUE_INVALID)
    return start, min(count or MOST_AT_ONCE, MOST_AT_ONCE)


def _constant(**values: object) -> Callable[[Arguments, str], Coroutine[Any, Any, Answer]]:
    async def give(_arguments: Arguments, _base: str) -> Answer:
        return dict(values)

    return give


async def _connection(arguments: Arguments, _base: str) -> Answer:
    if arguments["ConnectionID"] != "0":
        raise soap.Fault((706, "Invalid connection reference"))
    return {
        "RcsID": -1,
        "AVTransportID": -1,
        "ProtocolInfo": "",
        "PeerConnectionManager": "",
        "PeerConnectionID": -1,
        "Direction": "Output",
        "Status": "OK",
    }
