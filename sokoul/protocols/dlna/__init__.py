"""UPnP MediaServer:1: what televisions find, browse and play.

The description of services and the parsing of packets lean on async-upnp-client; announcing, answering
searches, eventing and faults are our own, because televisions and strict control points need them exact.
"""
