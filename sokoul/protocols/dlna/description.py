"""What the device says of itself: its description and the descriptions of its services."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from sokoul import __version__

DEVICE_TYPE = "urn:schemas-upnp-org:device:MediaServer:1"
CONTENT_DIRECTORY = "urn:schemas-upnp-org:service:ContentDirectory:1"
CONNECTION_MANAGER = "urn:schemas-upnp-org:service:ConnectionManager:1"
REGISTRAR = "urn:microsoft.com:service:X_MS_MediaReceiverRegistrar:1"
SERVER = f"Linux/6 UPnP/1.0 DLNADOC/1.50 Sokoul/{__version__}"


@dataclass(frozen=True, slots=True)
class Variable:
    """A state variable: type, whether it is evented, and what it may be."""

    name: str
    type: str
    evented: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """An action; arguments are (name, related state variable)."""

    name: str
    takes: tuple[tuple[str, str], ...] = ()
    gives: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its name in our addresses, its UPnP names, what it can do."""

    path: str
    type: str
    id: str
    actions: tuple[Action, ...]
    variables: tuple[Variable, ...]

    def action(self, name: str) -> Action | None:
        return next((action for action in self.actions if action.name == name), None)


_LISTED = (
    ("Result", "A_ARG_TYPE_Result"),
    ("NumberReturned", "A_ARG_TYPE_Count"),
    ("TotalMatches", "A_ARG_TYPE_Count"),
    ("UpdateID", "A_ARG_TYPE_UpdateID"),
)
_PAGED = (
    ("Filter", "A_ARG_TYPE_Filter"),
    ("StartingIndex", "A_ARG_TYPE_Index"),
    ("RequestedCount", "A_ARG_TYPE_Count"),
    ("SortCriteria", "A_ARG_TYPE_SortCriteria"),
)

SERVICES = (
    Service(
        "cds",
        CONTENT_DIRECTORY,
        "urn:upnp-org:serviceId:ContentDirectory",
        (
            Action("GetSearchCapabilities", gives=(("SearchCaps", "SearchCapabilities"),)),
            Action("GetSortCapabilities", gives=(("SortCaps", "SortCapabilities"),)),
            Action("GetSystemUpdateID", gives=(("Id", "SystemUpdateID"),)),
            Action(
                "Browse",
                (("ObjectID", "A_ARG_TYPE_ObjectID"), ("BrowseFlag", "A_ARG_TYPE_BrowseFlag"), *_PAGED),
                _LISTED,
            ),
            Action(
                "Search",
                (
                    ("ContainerID", "A_ARG_TYPE_ObjectID"),
                    ("SearchCriteria", "A_ARG_TYPE_SearchCriteria"),
                    *_PAGED,
                ),
                _LISTED,
            ),
        ),
        (
            Variable("SystemUpdateID", "ui4", evented=True),
            Variable("ContainerUpdateIDs", "string", evented=True),
            Variable("SearchCapabilities", "string"),
            Variable("SortCapabilities", "string"),
            Variable("A_ARG_TYPE_ObjectID", "string"),
            Variable("A_ARG_TYPE_Result", "string"),
            Variable("A_ARG_TYPE_SearchCriteria", "string"),
            Variable("A_ARG_TYPE_BrowseFlag", "string", allowed=("BrowseMetadata", "BrowseDirectChildren")),
            Variable("A_ARG_TYPE_Filter", "string"),
            Variable("A_ARG_TYPE_SortCriteria", "string"),
            Variable("A_ARG_TYPE_Index", "ui4"),
            Variable("A_ARG_TYPE_Count", "ui4"),
            Variable("A_ARG_TYPE_UpdateID", "ui4"),
        ),
    ),
    Service(
        "cms",
        CONNECTION_MANAGER,
        "urn:upnp-org:serviceId:ConnectionManager",
        (
            Action("GetProtocolInfo", gives=(("Source", "SourceProtocolInfo"), ("Sink", "SinkProtocolInfo"))),
            Action("GetCurrentConnectionIDs", gives=(("ConnectionIDs", "CurrentConnectionIDs"),)),
            Action(
                "GetCurrentConnectionInfo",
                (("ConnectionID", "A_ARG_TYPE_ConnectionID"),),
                (
                    ("RcsID", "A_ARG_TYPE_RcsID"),
                    ("AVTransportID", "A_ARG_TYPE_AVTransportID"),
                    ("ProtocolInfo", "A_ARG_TYPE_ProtocolInfo"),
                    ("PeerConnectionManager", "A_ARG_TYPE_ConnectionManager"),
                    ("PeerConnectionID", "A_ARG_TYPE_ConnectionID"),
                    ("Direction", "A_ARG_TYPE_Direction"),
                    ("Status", "A_ARG_TYPE_ConnectionStatus"),
                ),
            ),
        ),
        (
            Variable("SourceProtocolInfo", "string", evented=True),
            Variable("SinkProtocolInfo", "string", evented=True),
            Variable("CurrentConnectionIDs", "string", evented=True),
            Variable(
                "A_ARG_TYPE_ConnectionStatus",
                "string",
                allowed=(
                    "OK",
                    "ContentFormatMismatch",
                    "InsufficientBandwidth",
                    "UnreliableChannel",
                    "Unknown",
                ),
            ),
            Variable("A_ARG_TYPE_ConnectionManager", "string"),
            Variable("A_ARG_TYPE_Direction", "string", allowed=("Input", "Output")),
            Variable("A_ARG_TYPE_ProtocolInfo", "string"),
            Variable("A_ARG_TYPE_ConnectionID", "i4"),
            Variable("A_ARG_TYPE_AVTransportID", "i4"),
            Variable("A_ARG_TYPE_RcsID", "i4"),
        ),
    ),
    Service(
        "registrar",
        REGISTRAR,
        "urn:microsoft.com:serviceId:X_MS_MediaReceiverRegistrar",
        (
            Action(
                "IsAuthorized", (("DeviceID", "A_ARG_TYPE_DeviceID"),), (("Result", "A_ARG_TYPE_Result"),)
            ),
            Action("IsValidated", (("DeviceID", "A_ARG_TYPE_DeviceID"),), (("Result", "A_ARG_TYPE_Result"),)),
        ),
        (Variable("A_ARG_TYPE_DeviceID", "string"), Variable("A_ARG_TYPE_Result", "int")),
    ),
)


def service(path: str) -> Service | None:
    """The service with this name in our addresses."""
    return next((one for one in SERVICES if one.path == path), None)


def device(name: str, udn: str) -> bytes:
    """The device description; addresses in it are relative, so that it is right on every interface."""
    services = "".join(
        f"<service><serviceType>{one.type}</serviceType><serviceId>{one.id}</serviceId>"
        f"<SCPDURL>/dlna/{one.path}/scpd.xml</SCPDURL><controlURL>/dlna/{one.path}/control</controlURL>"
        f"<eventSubURL>/dlna/{one.path}/event</eventSubURL></service>"
        for one in SERVICES
    )
    icons = "".join(
        f"<icon><mimetype>image/png</mimetype><width>{size}</width><height>{size}</height><depth>24</depth>"
        f"<url>/dlna/icons/{size}.png</url></icon>"
        for size in (48, 120)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<root xmlns="urn:schemas-upnp-org:device-1-0" xmlns:dlna="urn:schemas-dlna-org:device-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion><device>"
        f"<deviceType>{DEVICE_TYPE}</deviceType><friendlyName>{escape(name)}</friendlyName>"
        "<manufacturer>Sokoul</manufacturer><modelName>Sokoul</modelName>"
        f"<modelNumber>{__version__}</modelNumber><modelDescription>Media server</modelDescription>"
        f"<UDN>uuid:{udn}</UDN><dlna:X_DLNADOC>DMS-1.50</dlna:X_DLNADOC>"
        f"<iconList>{icons}</iconList><serviceList>{services}</serviceList>"
        "<presentationURL>/</presentationURL></device></root>\n"
    ).encode()


def scpd(one: Service) -> bytes:
    """The description of one service."""
    actions = "".join(_action(action) for action in one.actions)
    variables = "".join(_variable(variable) for variable in one.variables)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<scpd xmlns="urn:schemas-upnp-org:service-1-0">'
        "<specVersion><major>1</major><minor>0</minor></specVersion>"
        f"<actionList>{actions}</actionList><serviceStateTable>{variables}</serviceStateTable></scpd>\n"
    ).encode()


def _action(action: Action) -> str:
    arguments = [(name, "in", related) for name, related in action.takes]
    arguments += [(name, "out", related) for name, related in action.gives]
    listed = "".join(
        f"<argument><name>{name}</name><direction>{direction}</direction>"
        f"<relatedStateVariable>{related}</relatedStateVariable></argument>"
        for name, direction, related in arguments
    )
    return f"<action><name>{action.name}</name><argumentList>{listed}</argumentList></action>"


def _variable(variable: Variable) -> str:
    allowed = "".join(f"<allowedValue>{value}</allowedValue>" for value in variable.allowed)
    values = f"<allowedValueList>{allowed}</allowedValueList>" if allowed else ""
    return (
        f'<stateVariable sendEvents="{"yes" if variable.evented else "no"}"><name>{variable.name}</name>'
        f"<dataType>{variable.type}</dataType>{values}</stateVariable>"
    )
