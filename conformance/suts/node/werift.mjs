// werift: WebRTC in TypeScript. Loopback must be asked for.
import { RTCPeerConnection, parseMessage } from 'werift';
import { serve, versionOf } from './core.mjs';
import { badRequest, rejected, unsupported } from './errors.mjs';
import { commandsFor, endCase, features } from './w3c.mjs';

const bind = ['127.0.0.1', '::1'];
const create = address => {
  const pc = new RTCPeerConnection({
    iceServers: [], iceAdditionalHostAddresses: [address], iceUseIpv4: address === '127.0.0.1', iceUseIpv6: address === '::1',
  });
  // Told of no STUN server it asks a public one: that is taken away from each transport before it gathers.
  const { secureManager } = pc;
  const createTransport = secureManager.createTransport.bind(secureManager);
  secureManager.createTransport = (...args) => {
    const transport = createTransport(...args);
    transport.iceTransport.connection.stunServer = undefined;
    return transport;
  };
  return pc;
};

// Its STUN decoder says only yes or no, and keeps the attributes that it knows apart from the others.
const classes = { 0x000: 'request', 0x010: 'indication', 0x100: 'success', 0x110: 'error' };
const decodeStun = (bytes, key) => {
  const message = parseMessage(bytes, key);
  if (!message) throw key && parseMessage(bytes) ? rejected('integrity') : rejected('syntax', 'parseMessage gave nothing');
  // 12 bits of method lie around the two of class (RFC 8489 section 5).
  const m = message.messageMethod, method = (m & 0x000f) | (m & 0x00e0) >> 1 | (m & 0x3e00) >> 2;
  return {
    class: classes[message.messageClass], method, transactionId: message.transactionId.toString('hex'),
    attributes: message.serializedAttributes.map(({ type, value }) => ({ type, bytes: value.toString('hex') })),
  };
};
const codec = {
  async 'codec.decode'({ type, bytes, opts }) {
    if (type !== 'stun.message') throw unsupported(`type ${type}`);
    if (typeof bytes !== 'string' || !/^([0-9a-f]{2})*$/.test(bytes)) throw badRequest('bytes: lower-case hex');
    return { value: decodeStun(Buffer.from(bytes, 'hex'), opts?.key === undefined ? undefined : Buffer.from(opts.key, 'hex')) };
  },
};

serve({
  hello: {
    version: 1,
    sut: { name: 'werift', version: versionOf('werift'), language: 'typescript' },
    adapter: { name: 'wcap-werift', version: '1.0' },
    levels: ['codec', 'wire'], clock: ['real'], ordered: true, concurrency: 16, bind,
    features: { ...features, 'codec.stun.message': 'partial' },
  },
  commands: { ...codec, ...commandsFor({ bind, create, endOfCandidates: false }) },
  endCase,
});
