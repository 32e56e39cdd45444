// The peer commands on top of any RTCPeerConnection with the W3C API, in Node or in a browser. Loopback only: no ICE servers, and candidates of other
// addresses are neither told nor left in the SDP.
import { badRequest, rejected, unsupported } from './errors.mjs';

/** Claims that hold for all of them; the ids are those of spec/features.json. What is not named is unknown. */
export const features = {
  ice: 'yes', 'ice.role': ['full'], 'ice.nomination': 'yes', 'ice.peer-reflexive': 'yes', 'ice.turn': 'yes', stun: 'yes',
  'stun.credentials.short-term': 'yes', 'stun.fingerprint': 'yes', 'stun.integrity.sha256': 'no', 'stun.userhash': 'no',
};

// A DOMException's name -> the protocol's closed list.
const reasons = {
  InvalidStateError: 'state', InvalidModificationError: 'state', OperationError: 'badValue', InvalidAccessError: 'badValue',
  TypeError: 'badValue', RangeError: 'badValue', SyntaxError: 'syntax', NotSupportedError: 'policy',
};
const refuse = e => rejected(reasons[e?.name] ?? (/parse|syntax|sdp/i.test(String(e?.message)) ? 'syntax' : 'badValue'), String(e?.message ?? e));

const hex = data => Array.from(new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength), b => b.toString(16).padStart(2, '0')).join('');
const octets = text => Uint8Array.from(text.match(/../g) ?? [], two => parseInt(two, 16));
// Libraries of Node want its own kind of array.
const sendable = bytes => globalThis.Buffer?.from(bytes) ?? bytes;

/** library: {create(bind) -> RTCPeerConnection, selected?: async pc -> {local, remote} | null}. */
export const commandsFor = library => ({
  async 'peer.create'({ peer, bind = '127.0.0.1', data = [], media = [] }, theCase) {
    if (typeof peer !== 'string') throw badRequest('peer: a name is missing');
    if (theCase.peers.has(peer)) throw badRequest(`peer ${peer} exists`);
    if (media.length > 0) throw unsupported('media');
    if (!library.bind.includes(bind)) throw unsupported(`bind ${bind}`);
    const pc = library.create(bind);
    const it = { name: peer, pc, bind, channels: new Map(), emit: (ev, d) => theCase.emit(ev, peer, d), mine: c => c.split(' ')[4] === bind };
    theCase.peers.set(peer, it);
    listen(it);
    for (const { label, ordered = true, maxRetransmits, maxPacketLifeTime, protocol, negotiated, id } of data) {
      const options = { ordered, protocol, negotiated, id, maxRetransmits, maxPacketLifeTime };
      for (const k in options) options[k] ?? delete options[k];
      useChannel(it, pc.createDataChannel(label, options));
    }
    return {};
  },
  async 'peer.createOffer'(args, theCase) {
    const it = find(theCase, args);
    return describe(it, await it.pc.createOffer(args.options));
  },
  async 'peer.createAnswer'(args, theCase) {
    const it = find(theCase, args);
    return describe(it, await it.pc.createAnswer(args.options).catch(e => { throw refuse(e); }));
  },
  async 'peer.setLocal'(args, theCase) {
    const it = find(theCase, args);
    const { type, sdp } = args;
    // What the library itself created goes back untouched: filtered candidate lines are no reason to refuse it.
    const own = it.created?.shown === sdp ? it.created.description : { type, sdp };
    await it.pc.setLocalDescription(own).catch(e => { throw refuse(e); });
    return describe(it, it.pc.localDescription ?? own);
  },
  async 'peer.setRemote'(args, theCase) {
    const it = find(theCase, args);
    const { type, sdp } = args;
    await it.pc.setRemoteDescription({ type, sdp }).catch(e => { throw refuse(e); });
    return {};
  },
  async 'peer.addCandidate'(args, theCase) {
    const it = find(theCase, args);
    const { candidate, mid, ufrag } = args;
    if (candidate && !it.mine(candidate)) throw rejected('policy', `this adapter speaks with ${it.bind} only`);
    if (!candidate && !library.endOfCandidates) return {}; // the library has no way to be told
    await it.pc.addIceCandidate(candidate
      ? { candidate, sdpMid: mid ?? '0', sdpMLineIndex: mid == null ? 0 : undefined, usernameFragment: ufrag }
      : { candidate: '', sdpMid: mid ?? '0' }).catch(e => { throw refuse(e); });
    return {};
  },
  async 'peer.send'(args, theCase) {
    const channel = find(theCase, args).channels.get(args.channel);
    if (!channel) throw badRequest(`no channel ${args.channel}`);
    const { text, bytes, fill } = args;
    try {
      channel.send(text ?? sendable(fill ? filled(fill) : octets(bytes)));
    } catch (e) { throw refuse(e); }
    return {};
  },
  async 'peer.closeChannel'(args, theCase) {
    const channel = find(theCase, args).channels.get(args.channel);
    if (!channel) throw badRequest(`no channel ${args.channel}`);
    channel.close();
    return {};
  },
  async 'peer.wait'(args, theCase) {
    const it = find(theCase, args);
    const until = Object.entries(args.until ?? {});
    const end = Date.now() + (args.ms ?? 1000);
    while (!until.every(([what, value]) => state(it)[what] === value) && Date.now() < end) await new Promise(r => setTimeout(r, 5));
    return { reached: until.every(([what, value]) => state(it)[what] === value), state: state(it) };
  },
  async 'peer.stats'(args, theCase) {
    const it = find(theCase, args);
    return { state: state(it), selected: await (library.selected ?? selectedByStats)(it.pc).catch(() => null) ?? null };
  },
  async 'peer.close'(args, theCase) {
    const it = find(theCase, args);
    theCase.peers.delete(args.peer);
    await close(it);
    return {};
  },
});

export async function endCase(theCase) {
  for (const it of theCase.peers.values()) await close(it).catch(() => {});
}

async function close(it) {
  it.emit = () => {};
  await it.pc.close();
}

function find(theCase, { peer }) {
  if (!theCase.peers.has(peer)) throw badRequest(`no peer ${peer}`);
  return theCase.peers.get(peer);
}

// createOffer gathers nothing yet; after setLocal the SDP may hold the candidates that are known by then.
function describe(it, description) {
  const sdp = description.sdp.split(/(?<=\n)/).filter(l => !l.startsWith('a=candidate:') || it.mine(l)).join('');
  it.created = { description, shown: sdp };
  return { type: description.type, sdp };
}

const state = ({ pc }) => ({
  ice: pc.iceConnectionState, dtls: pc.sctp?.transport?.state ?? null, sctp: pc.sctp?.state ?? null, connection: pc.connectionState,
  signaling: pc.signalingState, gathering: pc.iceGatheringState,
});

function listen(it) {
  const { pc } = it;
  let last = '';
  const tell = () => {
    const now = JSON.stringify(state(it));
    if (now !== last) it.emit('peer.state', JSON.parse(last = now));
  };
  let ended = false;
  const end = mid => { if (!ended) { ended = true; it.emit('peer.candidate', { candidate: null, mid }); } };
  pc.onicecandidate = ({ candidate: c }) => {
    if (!c?.candidate) return endSoon();
    const line = c.candidate.replace(/^a=/, '');
    if (it.mine(line)) it.emit('peer.candidate', { candidate: line, mid: c.sdpMid ?? null });
  };
  // Both signs of the end may come a moment before the last candidate (wrtc), and one of them not at all (libdatachannel).
  const endSoon = () => setTimeout(end, 20, null);
  pc.onicegatheringstatechange = () => { tell(); if (pc.iceGatheringState === 'complete') endSoon(); };
  pc.oniceconnectionstatechange = pc.onconnectionstatechange = pc.onsignalingstatechange = tell;
  pc.ondatachannel = ({ channel }) => useChannel(it, channel);
}

function useChannel(it, channel) {
  it.channels.set(channel.label, channel);
  try { channel.binaryType = 'arraybuffer'; } catch { /* read-only in some */ }
  const tell = (event, more) => it.emit('peer.channel', { event, label: channel.label, ...more });
  let opened = false; // a channel may arrive open, or open later, or say both
  const open = () => { if (!opened) { opened = true; tell('open', { id: channel.id === 65535 ? null : channel.id ?? null, ordered: channel.ordered, protocol: channel.protocol }); } };
  channel.onopen = open;
  channel.onclose = () => tell('close');
  channel.onerror = e => it.emit('peer.error', { label: channel.label, detail: String(e?.error?.message ?? e?.message ?? e) });
  channel.onmessage = ({ data }) => tell('message', typeof data === 'string' ? { text: data } : { bytes: hex(data) });
  if (channel.readyState === 'open') open();
}

const filled = ({ size, seed = 0 }) => Uint8Array.from({ length: size }, (_, i) => (seed + i * 31) & 255);

async function selectedByStats(pc) {
  const stats = new Map();
  (await pc.getStats()).forEach(s => stats.set(s.id, s));
  const all = [...stats.values()];
  const transport = all.find(s => s.type === 'transport' && s.selectedCandidatePairId);
  const pair = transport ? stats.get(transport.selectedCandidatePairId)
    : all.find(s => s.type === 'candidate-pair' && (s.selected || (s.nominated && s.state === 'succeeded')));
  const end = id => { const c = stats.get(id); return c && { ip: c.address ?? c.ip, port: c.port }; };
  const local = pair && end(pair.localCandidateId), remote = pair && end(pair.remoteCandidateId);
  return local && remote ? { local, remote } : null;
}
