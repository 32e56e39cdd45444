"""The adapter's side of WCAP/1 (docs/adapter-protocol.md) for peers in Python: JSON lines on stdin and stdout, nothing else on stdout."""
import asyncio, json, sys, threading, time

_writing = threading.Lock()


class Answer(Exception):
    """An answer other than "ok": kind, reason, detail."""


def write(message):
    with _writing:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


class Case:
    def __init__(self, name):
        self.name, self.start, self.peers = name, time.monotonic_ns(), {}

    def emit(self, event, peer, data):
        """From any thread."""
        write({"ev": event, "case": self.name, "peer": peer, "t": time.monotonic_ns() - self.start, "data": data})


class Events:
    """What a peer tells until it is closed; a state only when it is another one."""

    def __init__(self, case, peer):
        self.case, self.peer, self.last = case, peer, None

    def emit(self, event, data):
        if self.case is not None:
            self.case.emit(event, self.peer, data)

    def state(self, state):
        if state != self.last:
            self.last = state
            self.emit("peer.state", state)

    def channel(self, event, label, **more):
        self.emit("peer.channel", {"event": event, "label": label, **more})

    def end(self):
        self.case = None


def content(args):
    """What peer.send says: text, or bytes."""
    if "text" in args:
        return args["text"]
    if "fill" in args:
        size, seed = args["fill"]["size"], args["fill"].get("seed", 0)
        return bytes((seed + 31 * i) & 255 for i in range(size))
    return bytes.fromhex(args["bytes"])


def shown(message):
    """A message as peer.channel tells it."""
    return {"text": message} if isinstance(message, str) else {"bytes": bytes(message).hex()}


async def until(state, args):
    """peer.wait."""
    end = time.monotonic() + args.get("ms", 1000) / 1000
    reached = lambda: all(state().get(k) == v for k, v in args.get("until", {}).items())
    while not reached() and time.monotonic() < end:
        await asyncio.sleep(0.005)
    return {"reached": reached(), "state": state()}


async def _handle(command, args, case, hello, cases, bind, create, carry_out):
    if command == "hello":
        return hello
    if command == "probe":
        claim = hello["features"].get(args["feature"], "no")
        if claim == "no":
            raise Answer("unsupported", None, None)
        return {"value": claim}
    if command in ("ping", "bye"):
        return {}
    if command == "case.begin":
        cases[case] = Case(case)
        return {}
    if case not in cases:
        raise Answer("badRequest", None, "no such case")
    peers = cases[case].peers
    if command in ("case.end", "case.abort"):
        del cases[case]
        for peer in peers.values():
            peer.events.end()
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
        if args.get("bind", bind) != bind:
            raise Answer("unsupported", None, "bind " + str(args["bind"]))
        peers[name] = create(Events(cases[case], name), args.get("data") or [])
        return {}
    if name not in peers:
        raise Answer("badRequest", None, "no such peer")
    if command == "peer.close":
        peer = peers.pop(name)
        peer.events.end()
        await peer.close()
        return {}
    return await carry_out(peers[name], command, args)


async def _respond(message, *rest):
    answer = {"id": message.get("id", 0)}
    try:
        answer["ok"] = await _handle(message.get("cmd"), message.get("args") or {}, message.get("case"), *rest)
    except Answer as e:
        answer["err"] = {k: v for k, v in zip(("kind", "reason", "detail"), e.args) if v is not None}
    except Exception as e:
        answer["err"] = {"kind": "failed", "detail": repr(e)}
    write(answer)


async def _serve(*rest):
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=1 << 23)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    running = set()
    while line := await reader.readline():
        message = json.loads(line)
        task = loop.create_task(_respond(message, *rest))
        running.add(task)
        task.add_done_callback(running.discard)
        if message.get("cmd") == "bye":
            await task
            break


def serve(name, version, language, concurrency, features, bind, create, carry_out):
    """Until "bye" or the end of stdin. create: (events, data) -> a peer with "events" and "async close()"; carry_out: async (peer, command, args) -> ok."""
    hello = {"version": 1, "sut": {"name": name, "version": version, "language": language}, "adapter": {"name": "wcap-" + name, "version": "1.0"},
             "levels": ["wire"], "clock": ["real"], "bind": [bind], "ordered": True, "concurrency": concurrency, "features": features}
    asyncio.run(_serve(hello, {}, bind, create, carry_out))
