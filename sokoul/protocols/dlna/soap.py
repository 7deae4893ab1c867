"""SOAP as televisions speak it: actions in, answers and faults out."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

LARGEST_BODY = 64 * 1024
_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
)
_TAIL = "</s:Body></s:Envelope>\n"

INVALID_ACTION = (401, "Invalid Action")
INVALID_ARGS = (402, "Invalid Args")
ACTION_FAILED = (501, "Action Failed")
ARGUMENT_VALUE_INVALID = (600, "Argument Value Invalid")
NO_SUCH_OBJECT = (701, "No such object")
BAD_SEARCH = (708, "Unsupported or invalid search criteria")
NO_SUCH_CONTAINER = (710, "No such container")


class Fault(Exception):
    """A UPnP error: number and description."""

    def __init__(self, error: tuple[int, str]) -> None:
        super().__init__(f"{error[0]} {error[1]}")
        self.number, self.description = error


def parse(body: bytes) -> tuple[str, dict[str, str]]:
    """The action's name and arguments; raises `Fault` on anything that is not one action in an envelope."""
    try:
        envelope = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as err:
        raise Fault(INVALID_ACTION) from err
    content = envelope.find(f"{_ENVELOPE}Body")
    if content is None or len(content) != 1:
        raise Fault(INVALID_ACTION)
    action = content[0]
    return _local(action.tag), {_local(part.tag): part.text or "" for part in action}


def answer(service_type: str, action: str, values: Mapping[str, object]) -> bytes:
    """The answer to an action; the prefix is `u:` because old televisions look for that very text."""
    parts = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in values.items())
    return f'{_HEAD}<u:{action}Response xmlns:u="{service_type}">{parts}</u:{action}Response>{_TAIL}'.encode()


def fault(error: Fault) -> bytes:
    """The answer to an action that could not be done; goes with status 500."""
    return (
        f"{_HEAD}<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail>"
        f'<UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>{error.number}</errorCode>'
        f"<errorDescription>{escape(error.description)}</errorDescription></UPnPError>"
        f"</detail></s:Fault>{_TAIL}"
    ).encode()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
