// libdatachannel, through node-datachannel's W3C polyfill. Data channels only.
import { RTCPeerConnection } from 'node-datachannel/polyfill';
import { serve, versionOf } from './core.mjs';
import { commandsFor, endCase } from './w3c.mjs';

const bind = ['127.0.0.1', '::1'];
serve({
  hello: {
    version: 1,
    sut: { name: 'libdatachannel', version: versionOf('node-datachannel'), language: 'c++' },
    adapter: { name: 'wcap-libdatachannel', version: '1.0' },
    levels: ['wire'], clock: ['real'], ordered: true, concurrency: 16, bind,
    features: {
      'ice.role': ['full'], 'ice.trickle': 'yes', 'ice.tcp': 'no', 'dtls.version': ['1.2'], 'sctp.interleaving': 'no', dcep: 'yes', jsep: 'yes',
      'peer.selected': 'yes',
    },
  },
  commands: commandsFor({ bind, create: bindAddress => new RTCPeerConnection({ iceServers: [], bindAddress }), endOfCandidates: false }),
  endCase,
});
