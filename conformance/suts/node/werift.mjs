// werift: WebRTC in TypeScript. Loopback must be asked for.
import { RTCPeerConnection } from 'werift';
import { serve, versionOf } from './core.mjs';
import { commandsFor, endCase } from './w3c.mjs';

const bind = ['127.0.0.1', '::1'];
const create = address => new RTCPeerConnection({
  iceServers: [], iceAdditionalHostAddresses: [address], iceUseIpv4: address === '127.0.0.1', iceUseIpv6: address === '::1',
});
serve({
  hello: {
    version: 1,
    sut: { name: 'werift', version: versionOf('werift'), language: 'typescript' },
    adapter: { name: 'wcap-werift', version: '1.0' },
    levels: ['wire'], clock: ['real'], ordered: true, concurrency: 16, bind,
    features: {
      'ice.role': ['full'], 'ice.trickle': 'yes', 'ice.tcp': 'no', 'dtls.version': ['1.2'],
      'srtp.profile': ['SRTP_AEAD_AES_128_GCM', 'SRTP_AES128_CM_HMAC_SHA1_80'], 'sctp.interleaving': 'no', dcep: 'yes', jsep: 'yes', 'peer.selected': 'yes',
    },
  },
  commands: commandsFor({ bind, create, binary: b => b, endOfCandidates: false }),
  endCase,
});
