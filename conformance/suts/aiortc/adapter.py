#!/usr/bin/python3
"""aiortc behind WCAP/1 (docs/adapter-protocol.md), as Debian packages it. Data channels only."""
import asyncio, importlib.metadata, json, sys, time

# aioice leaves 127.0.0.1 and ::1 out; nothing but loopback is wanted here. To be done before aiortc is imported.
import aioice.ice
BIND = "127.0.0.1"
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [BIND]

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.exceptions import InvalidAccessError, InvalidStateError
from aiortc.sdp import candidate_from_sdp


class Answer(Exception):
    """An answer other than "ok": kind, reason, detail."""


def write(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def refuse(e):
    reason = "state" if isinstance(e, InvalidStateError) else "badValue" if isinstance(e, InvalidAccessError) else "syntax"
    return Answer("rejected", reason, repr(e))


class Peer:
    def __init__(self, case, name, start, data):
        self.case, self.name, self.start, self.channels, self.last = case, name, start, {}, None
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        for event in ("iceconnectionstatechange", "icegatheringstatechange", "connectionstatechange", "signalingstatechange"):
            self.pc.on(event, self.tell_state)
        self.pc.on("datachannel", self.use)
        for d in data:
            options = {k: d[k] for k in ("ordered", "maxRetransmits", "maxPacketLifeTime", "protocol", "negotiated", "id") if d.get(k) is not None}
            self.use(self.pc.createDataChannel(d["label"], **options))

    def emit(self, event, data):
        if self.case is not None:
            write({"ev": event, "case": self.case, "peer": self.name, "t": time.monotonic_ns() - self.start, "data": data})

    def state(self):
        pc, sctp = self.pc, self.pc.sctp
        return {"ice": pc.iceConnectionState, "dtls": sctp.transport.state if sctp else None, "sctp": sctp.state if sctp else None,
                "connection": pc.connectionState, "signaling": pc.signalingState, "gathering": pc.iceGatheringState}

    def tell_state(self):
        state = self.state()
        if state != self.last:
            self.last = state
            self.emit("peer.state", state)

    def use(self, channel):
        self.channels[channel.label] = channel
        tell = lambda event, **more: self.emit("peer.channel", {"event": event, "label": channel.label, **more})
        opened = lambda: tell("open", id=channel.id, ordered=channel.ordered, protocol=channel.protocol)
        channel.on("open", opened)
        channel.on("close", lambda: tell("close"))
        channel.on("message", lambda m: tell("message", **({"text": m} if isinstance(m, str) else {"bytes": bytes(m).hex()})))
        if channel.readyState == "open":
            opened()

    def selected(self):
        try:
            pair = self.pc.sctp.transport.transport._connection._nominated[1]
            return {"local": dict(zip(("ip", "port"), pair.local_addr[:2])), "remote": dict(zip(("ip", "port"), pair.remote_addr[:2]))}
        except (AttributeError, KeyError):
            return None

    async def close(self):
        self.case = None
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
            if command == "peer.closeChannel":
                channel.close()
            elif "text" in args:
                channel.send(args["text"])
            elif "fill" in args:
                size, seed = args["fill"]["size"], args["fill"].get("seed", 0)
                channel.send(bytes((seed + 31 * i) & 255 for i in range(size)))
            else:
                channel.send(bytes.fromhex(args["bytes"]))
        except (InvalidStateError, ValueError) as e:
            raise refuse(e)
        return {}
    if command == "peer.wait":
        end = time.monotonic() + args.get("ms", 1000) / 1000
        reached = lambda: all(peer.state().get(k) == v for k, v in args.get("until", {}).items())
        while not reached() and time.monotonic() < end:
            await asyncio.sleep(0.005)
        return {"reached": reached(), "state": peer.state()}
    if command == "peer.stats":
        return {"state": peer.state(), "selected": peer.selected()}
    raise Answer("unsupported", None, command)


FEATURES = {"ice": "yes", "ice.role": ["full"], "ice.nomination": "yes", "stun": "yes", "stun.credentials.short-term": "yes",
            "stun.integrity.sha256": "no", "stun.userhash": "no"}
cases = {}


async def handle(command, args, case):
    if command == "hello":
        return {"version": 1, "sut": {"name": "aiortc", "version": importlib.metadata.version("aiortc"), "language": "python"},
                "adapter": {"name": "wcap-aiortc", "version": "1.0"}, "levels": ["wire"], "clock": ["real"], "bind": [BIND],
                "ordered": True, "concurrency": 4, "features": FEATURES}
    if command == "probe":
        if FEATURES.get(args["feature"], "no") == "no":
            raise Answer("unsupported", None, None)
        return {"value": FEATURES[args["feature"]]}
    if command in ("ping", "bye"):
        return {}
    if command == "case.begin":
        cases[case] = (time.monotonic_ns(), {})
        return {}
    if case not in cases:
        raise Answer("badRequest", None, "no such case")
    start, peers = cases[case]
    if command in ("case.end", "case.abort"):
        del cases[case]
        for peer in peers.values():
            await peer.close()
        return {}
    if not command.startswith("peer."):
        raise Answer("unsupported", None, command)
    name = args.get("peer")
    if command == "peer.create":
        if not isinstance(name, str) or name in peers:
            raise Answer("badRequest", None, "peer: a new name is needed")
        if args.get("media"):
            raise Answer("unsupported", None, "media")
        if args.get("bind", BIND) != BIND:
            raise Answer("unsupported", None, "bind " + str(args["bind"]))
        peers[name] = Peer(case, name, start, args.get("data") or [])
        return {}
    if name not in peers:
        raise Answer("badRequest", None, "no such peer")
    if command == "peer.close":
        await peers.pop(name).close()
        return {}
    return await carry_out(peers[name], command, args)


async def respond(message):
    answer = {"id": message.get("id", 0)}
    try:
        answer["ok"] = await handle(message.get("cmd"), message.get("args") or {}, message.get("case"))
    except Answer as e:
        answer["err"] = {k: v for k, v in zip(("kind", "reason", "detail"), e.args) if v is not None}
    except Exception as e:
        answer["err"] = {"kind": "failed", "detail": repr(e)}
    write(answer)


async def main():
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 23)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        message = json.loads(line)
        task = loop.create_task(respond(message))
        running.add(task)
        task.add_done_callback(running.discard)
        if message.get("cmd") == "bye":
            await task
            break


asyncio.run(main())
