"""Reads an RTSP stream with GStreamer's rtspsrc, its transport left to it, until N access units came."""

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst

url, wanted = sys.argv[1], int(sys.argv[2])
Gst.init(None)
pipeline = Gst.parse_launch(
    f"rtspsrc location={url} latency=0 ! rtph264depay ! h264parse"
    " ! video/x-h264,alignment=au ! fakesink name=sink signal-handoffs=true sync=false"
)
loop = GLib.MainLoop()
seen = 0


def on_buffer(*_):
    global seen
    seen += 1
    if seen == wanted:
        GLib.idle_add(loop.quit)


def on_message(_, message):
    if message.type == Gst.MessageType.ERROR:
        print("error:", message.parse_error().gerror.message)
        loop.quit()


pipeline.get_by_name("sink").connect("handoff", on_buffer)
bus = pipeline.get_bus()
bus.add_signal_watch()
bus.connect("message", on_message)
pipeline.set_state(Gst.State.PLAYING)
GLib.timeout_add_seconds(15, loop.quit)
loop.run()
pipeline.set_state(Gst.State.NULL)
print("access units:", seen)
