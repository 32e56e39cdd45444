// @roamhq/wrtc: libwebrtc in Node. Gathers loopback without being asked.
import { createRequire } from 'node:module';
import { serve, versionOf } from './core.mjs';
import { commandsFor, endCase, features } from './w3c.mjs';
const require = createRequire(import.meta.url);
const { RTCPeerConnection } = require('@roamhq/wrtc');

const bind = ['127.0.0.1', '::1'];
serve({
  hello: {
    version: 1,
    sut: { name: 'wrtc', version: versionOf('@roamhq/wrtc'), language: 'c++' },
    adapter: { name: 'wcap-wrtc', version: '1.0' },
    levels: ['wire'], clock: ['real'], ordered: true, concurrency: 16, bind,
    features,
  },
  commands: commandsFor({ bind, create: () => new RTCPeerConnection({ iceServers: [] }), endOfCandidates: false }),
  endCase,
});
