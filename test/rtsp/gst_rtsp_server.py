#!/usr/bin/python3
"""An RTSP camera for tests: python3 gst_rtsp_server.py PORT NAME=SOURCE...

Serves rtsp://127.0.0.1:PORT/NAME over TCP and prints "ready PORT". SOURCE is one of
  test:WIDTHxHEIGHT@FPS         a live test picture, H.264 without B-frames
  bframes:WIDTHxHEIGHT@FPS      the same with three B-frames between references
  file:/path/clip.mkv           H.264 out of a Matroska file, once per viewer
  audio                         sound only
A user and password before the source ("NAME=user:pass@test:...") must be given by the viewer.
PORT 0 takes a free port.
"""

import re
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402


def launch(source):
    kind, _, rest = source.partition(":")
    if kind == "file":
        return f'( filesrc location="{rest}" ! matroskademux ! h264parse ! rtph264pay name=pay0 pt=96 )'
    if kind == "audio":
        return "( audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay0 pt=8 )"
    width, height, fps = re.fullmatch(r"(\d+)x(\d+)@(\d+)", rest).groups()
    tune = "bframes=3 b-adapt=false rc-lookahead=5" if kind == "bframes" else "tune=zerolatency"
    return (
        f"( videotestsrc is-live=true ! video/x-raw,width={width},height={height},framerate={fps}/1"
        f" ! x264enc {tune} speed-preset=ultrafast threads=1 key-int-max={fps}"
        " ! rtph264pay name=pay0 pt=96 config-interval=1 )"
    )


def guard(server, factory, user, password):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main(port, mounts):
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    for mount in mounts:
        name, source = mount.split("=", 1)
        factory = GstRtspServer.RTSPMediaFactory()
        login = re.match(r"([^:@]+):([^@]+)@(.*)", source)
        if login and login[1] not in ("test", "bframes", "file"):
            guard(server, factory, login[1], login[2])
            source = login[3]
        factory.set_launch(launch(source))
        factory.set_shared(not source.startswith("file:"))
        factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP)
        server.get_mount_points().add_factory(f"/{name}", factory)
    if server.attach(None) == 0:
        sys.exit(f"cannot listen on port {port}")
    print("ready", server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main(sys.argv[1], sys.argv[2:])
