#!/usr/bin/python3
"""GStreamer's webrtcbin (libnice, usrsctp) behind WCAP/1 (docs/adapter-protocol.md), as Debian packages it. Data channels only."""
import asyncio, os, pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "python"))
from wcap import Answer, content, serve, shown, until

import gi
for module in ("Gst", "GstWebRTC", "GstSdp"):
    gi.require_version(module, "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC
Gst.init(None)

BIND = "127.0.0.1"
STATES = {"ice": "ice-connection-state", "connection": "connection-state", "signaling": "signaling-state", "gathering": "ice-gathering-state"}
OPTIONS = {"ordered": "ordered", "maxRetransmits": "max-retransmits", "maxPacketLifeTime": "max-packet-lifetime", "protocol": "protocol",
           "negotiated": "negotiated", "id": "id"}


class Peer:
    def __init__(self, events, data):
        self.events, self.channels, self.created = events, {}, None
        self.pipeline = Gst.Pipeline.new(None)
        self.bin = Gst.ElementFactory.make("webrtcbin")
        self.bin.set_property("bundle-policy", "max-bundle")
        self.pipeline.add(self.bin)
        # The reference has to live as long as the element, which loses its agent otherwise.
        self.agent = self.bin.get_property("ice-agent")
        self.agent.emit("add-local-ip-address", BIND)
        for name in STATES.values():
            self.bin.connect("notify::" + name, lambda *_: self.tell_state())
        self.bin.connect("on-ice-candidate", self.tell_candidate)
        self.bin.connect("on-data-channel", lambda _, channel: self.use(channel))
        self.pipeline.set_state(Gst.State.PLAYING)
        for d in data:
            options = Gst.Structure.new_empty("options")
            for ours, theirs in OPTIONS.items():
                if d.get(ours) is not None:
                    options.set_value(theirs, d[ours])
            self.use(self.bin.emit("create-data-channel", d["label"], options))

    def state(self):
        return {"dtls": None, "sctp": None, **{ours: self.bin.get_property(theirs).value_nick for ours, theirs in STATES.items()}}

    def tell_state(self):
        state = self.state()
        self.events.state(state)
        if state["gathering"] == "complete":
            self.events.emit("peer.candidate", {"candidate": None, "mid": None})

    def tell_candidate(self, _, line, candidate):
        if candidate.split(" ")[4:5] == [BIND]:
            self.events.emit("peer.candidate", {"candidate": candidate, "mid": None})

    def use(self, channel):
        label, told = channel.get_property("label"), []
        self.channels[label] = channel

        def opened(*_):
            if not told:
                told.append(1)
                self.events.channel("open", label, id=channel.get_property("id"), ordered=channel.get_property("ordered"), protocol=channel.get_property("protocol") or "")

        channel.connect("on-open", opened)
        channel.connect("on-close", lambda *_: self.events.channel("close", label))
        channel.connect("on-message-string", lambda _, text: self.events.channel("message", label, **shown(text or "")))
        channel.connect("on-message-data", lambda _, data: self.events.channel("message", label, **shown(data.get_data() if data else b"")))
        if channel.get_property("ready-state") == GstWebRTC.WebRTCDataChannelState.OPEN:
            opened()

    def ask(self, signal, *args):
        """Off the event loop's thread: the promise is waited for."""
        promise = Gst.Promise.new()
        self.bin.emit(signal, *args, promise)
        promise.wait()
        reply = promise.get_reply()
        if reply is not None and reply.has_field("error"):
            raise Answer("rejected", "state" if "state" in reply.to_string() else "badValue", reply.to_string())
        return reply

    def create(self, kind):
        reply = self.ask("create-" + kind, None)
        if reply is None or not reply.has_field(kind):
            raise Answer("rejected", "state", f"no {kind} can be made now")
        # The description points into the reply, which has to live as long.
        self.created = (reply, reply.get_value(kind))
        return {"type": kind, "sdp": self.created[1].sdp.as_text()}

    def set_local(self, kind, sdp):
        own = self.created and self.created[1].sdp.as_text() == sdp
        self.ask("set-local-description", self.created[1] if own else parsed(kind, sdp))
        local = self.bin.get_property("local-description")
        return {"type": kind, "sdp": local.sdp.as_text() if local else sdp}

    def set_remote(self, kind, sdp):
        self.ask("set-remote-description", parsed(kind, sdp))
        return {}

    async def close(self):
        await asyncio.to_thread(self.pipeline.set_state, Gst.State.NULL)


def parsed(kind, sdp):
    result, message = GstSdp.SDPMessage.new_from_text(sdp)
    kinds = {"offer": GstWebRTC.WebRTCSDPType.OFFER, "answer": GstWebRTC.WebRTCSDPType.ANSWER}
    if result != GstSdp.SDPResult.OK or kind not in kinds:
        raise Answer("rejected", "syntax", str(result))
    return GstWebRTC.WebRTCSessionDescription.new(kinds[kind], message)


async def carry_out(peer, command, args):
    if command in ("peer.createOffer", "peer.createAnswer"):
        return await asyncio.to_thread(peer.create, "offer" if command == "peer.createOffer" else "answer")
    if command in ("peer.setLocal", "peer.setRemote"):
        return await asyncio.to_thread(peer.set_local if command == "peer.setLocal" else peer.set_remote, args["type"], args["sdp"])
    if command == "peer.addCandidate":
        if args.get("candidate"):
            peer.bin.emit("add-ice-candidate", 0, args["candidate"])
        return {}
    if command in ("peer.send", "peer.closeChannel"):
        channel = peer.channels.get(args.get("channel"))
        if channel is None:
            raise Answer("badRequest", None, "no such channel")
        if command == "peer.closeChannel":
            channel.emit("close")
        else:
            message = content(args)
            signal = "send-string" if isinstance(message, str) else "send-data"
            # An empty message is None: webrtcbin gives a PPID of its own to that alone.
            channel.emit(signal, None if not message else message if isinstance(message, str) else GLib.Bytes.new(message))
        return {}
    if command == "peer.wait":
        return await until(peer.state, args)
    if command == "peer.stats":
        return {"state": peer.state(), "selected": None}
    raise Answer("unsupported", None, command)


FEATURES = {"ice": "yes", "ice.role": ["full"], "ice.nomination": "yes", "stun": "yes", "stun.credentials.short-term": "yes",
            "stun.integrity.sha256": "no", "stun.userhash": "no"}
serve("gstreamer", Gst.version_string().split()[-1], "c", 4, FEATURES, BIND, Peer, carry_out)
os._exit(0)  # its threads do not always end
