"""A strict UPnP control point: GUPnP, run by the system's Python. Speaks JSON lines on standard output.

    gupnp_peer.py INTERFACE UDN CONTAINER

Finds the media server, browses the container, subscribes, and prints one line for each thing it saw.
"""

import json
import sys

import gi

gi.require_version("GUPnP", "1.6")
gi.require_version("GSSDP", "1.6")
from gi.repository import GSSDP, GLib, GUPnP  # noqa: E402 - the versions come first

interface, udn, container = sys.argv[1:4]


def say(**facts):
    print(json.dumps(facts), flush=True)


def browse(proxy, object_id, start, count):
    names = ["ObjectID", "BrowseFlag", "Filter", "StartingIndex", "RequestedCount", "SortCriteria"]
    values = [object_id, "BrowseDirectChildren", "*", start, count, ""]
    action = GUPnP.ServiceProxyAction.new_from_list("Browse", names, values)
    proxy.call_action(action, None)
    _, out = action.get_result_list(["Result", "NumberReturned", "TotalMatches"], [str, int, int])
    return out


def notified(_proxy, variable, value):
    say(event=variable, value=value)


def found(_point, proxy):
    if udn not in proxy.get_udn():
        return
    say(found=proxy.get_location())
    didl, returned, total = browse(proxy, container, 0, 100)
    say(didl=didl, returned=returned, total=total)
    proxy.add_notify("SystemUpdateID", int, notified)
    proxy.set_subscribed(True)
    keep.append(proxy)


keep = []
context = GUPnP.Context.new_full(interface, None, 0, GSSDP.UDAVersion.VERSION_1_0)
point = GUPnP.ControlPoint.new(context, "urn:schemas-upnp-org:service:ContentDirectory:1")
point.connect("service-proxy-available", found)
point.set_active(True)
loop = GLib.MainLoop()
GLib.timeout_add_seconds(60, loop.quit)
loop.run()
