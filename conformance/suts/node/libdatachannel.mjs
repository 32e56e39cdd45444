// libdatachannel, through node-datachannel's W3C polyfill. Data channels only.
import { RTCPeerConnection } from 'node-datachannel/polyfill';
import { serve, versionOf } from './core.mjs';
import { commandsFor, endCase, features } from './w3c.mjs';

const bind = ['127.0.0.1', '::1'];
serve({
  hello: {
    version: 1,
    sut: { name: 'libdatachannel', version: versionOf('node-datachannel'), language: 'c++' },
    adapter: { name: 'wcap-libdatachannel', version: '1.0' },
    levels: ['wire'], clock: ['real'], ordered: true,
    // With several negotiations at a time some fail with "Got a remote candidate without ICE transport" (measured: 56 of 1,200), with one at a
    // time on a busy core very few (2 of 600).
    concurrency: 1, bind, features,
  },
  commands: commandsFor({ bind, create: bindAddress => new RTCPeerConnection({ iceServers: [], bindAddress }), endOfCandidates: false }),
  endCase,
});
