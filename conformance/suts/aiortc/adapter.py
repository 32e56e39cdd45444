#!/usr/bin/python3
"""aiortc behind WCAP/1 (docs/adapter-protocol.md), as Debian packages it. Data channels only."""
import importlib.metadata, pathlib, sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "python"))
from wcap import Answer, content, serve, shown, until

# aioice leaves 127.0.0.1 and ::1 out; nothing but loopback is wanted here. To be done before aiortc is imported.
import aioice.ice
BIND = "127.0.0.1"
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [BIND]

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.sdp import candidate_from_sdp


def refuse(e):
    reason = "state" if isinstance(e, InvalidStateError) else "badValue" if isinstance(e, InvalidAccessError) else "syntax"
    return Answer("rejected", reason, repr(e))


class Peer:
    def __init__(self, events, data):
        self.events, self.channels = events, {}
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        for event in ("iceconnectionstatechange", "icegatheringstatechange", "connectionstatechange", "signalingstatechange"):
            self.pc.on(event, lambda: events.state(self.state()))
        self.pc.on("datachannel", self.use)
        for d in data:
            options = {k: d[k] for k in ("ordered", "maxRetransmits", "maxPacketLifeTime", "protocol", "negotiated", "id") if d.get(k) is not None}
            self.use(self.pc.createDataChannel(d["label"], **options))

    def state(self):
        pc, sctp = self.pc, self.pc.sctp
        return {"ice": pc.iceConnectionState, "dtls": sctp.transport.state if sctp else None, "sctp": sctp.state if sctp else None,
                "connection": pc.connectionState, "signaling": pc.signalingState, "gathering": pc.iceGatheringState}

    def use(self, channel):
        self.channels[channel.label] = channel
        opened = lambda: self.events.channel("open", channel.label, id=channel.id, ordered=channel.ordered, protocol=channel.protocol)
        channel.on("open", opened)
        channel.on("close", lambda: self.events.channel("close", channel.label))
        channel.on("message", lambda m: self.events.channel("message", channel.label, **shown(m)))
        if channel.readyState == "open":
            opened()

    def selected(self):
        try:
            pair = self.pc.sctp.transport.transport._connection._nominated[1]
            return {"local": dict(zip(("ip", "port"), pair.local_addr[:2])), "remote": dict(zip(("ip", "port"), pair.remote_addr[:2]))}
        except (AttributeError, KeyError):
            return None

    async def close(self):
        await self.pc.close()


def described(description):
    return {"type": description.type, "sdp": description.sdp}


async def carry_out(peer, command, args):
    pc = peer.pc
    if command == "peer.createOffer":
        return described(await pc.createOffer())
    if command == "peer.createAnswer":
        try:
            return described(await pc.createAnswer())
        except Exception as e:
            raise refuse(e)
    if command == "peer.setLocal":
        # It gathers before it answers; there is no trickle out.
        await pc.setLocalDescription(RTCSessionDescription(sdp=args["sdp"], type=args["type"]))
        return described(pc.localDescription)
    if command == "peer.setRemote":
        try:
            await pc.setRemoteDescription(RTCSessionDescription(sdp=args["sdp"], type=args["type"]))
        except Exception as e:
            raise refuse(e)
        return {}
    if command == "peer.addCandidate":
        if not args.get("candidate"):
            return {}
        try:
            candidate = candidate_from_sdp(args["candidate"].split(":", 1)[1])
            candidate.sdpMid = args.get("mid") or "0"
            await pc.addIceCandidate(candidate)
        except Exception as e:
            raise refuse(e)
        return {}
    if command in ("peer.send", "peer.closeChannel"):
        channel = peer.channels.get(args.get("channel"))
        if channel is None:
            raise Answer("badRequest", None, "no such channel")
        try:
            channel.close() if command == "peer.closeChannel" else channel.send(content(args))
        except (InvalidStateError, ValueError) as e:
            raise refuse(e)
        return {}
    if command == "peer.wait":
        return await until(peer.state, args)
    if command == "peer.stats":
        return {"state": peer.state(), "selected": peer.selected()}
    raise Answer("unsupported", None, command)


FEATURES = {"ice": "yes", "ice.role": ["full"], "ice.nomination": "yes", "stun": "yes", "stun.credentials.short-term": "yes",
            "stun.integrity.sha256": "no", "stun.userhash": "no"}
serve("aiortc", importlib.metadata.version("aiortc"), "python", 4, FEATURES, BIND, Peer, carry_out)
