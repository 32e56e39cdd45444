// Two libwebrtc peers over loopback, through @roamhq/wrtc.
// node wrtc.cjs FOLDER-WITH-NODE_MODULES SETUPS ROUNDS MESSAGES
'use strict';
const { createRequire } = require('node:module');
const { resolve } = require('node:path');
const { RTCPeerConnection } = createRequire(resolve(process.argv[2], 'package.json'))('@roamhq/wrtc');

const connect = async () => {
  const offerer = new RTCPeerConnection({ iceServers: [] }), answerer = new RTCPeerConnection({ iceServers: [] });
  const pair = { received: 0, onReceived: () => {}, close: () => { offerer.close(); answerer.close(); } };
  for (const [from, to] of [[offerer, answerer], [answerer, offerer]])
    from.onicecandidate = ({ candidate }) => { if (candidate?.candidate.includes(' 127.0.0.1 ')) to.addIceCandidate(candidate).catch(() => {}); }; // it may come after the end
  const announced = new Promise(done => {
    answerer.ondatachannel = ({ channel }) => {
      pair.far = channel;
      channel.onmessage = ({ data }) => { pair.received += data.byteLength; pair.onReceived(); };
      done();
    };
  });
  pair.channel = offerer.createDataChannel('bulk');
  const opened = new Promise(done => { pair.channel.onopen = done; });
  const offer = await offerer.createOffer();
  // Each side has the other's description before candidates follow.
  await answerer.setRemoteDescription(offer);
  await offerer.setLocalDescription(offer);
  const answer = await answerer.createAnswer();
  await offerer.setRemoteDescription(answer);
  await answerer.setLocalDescription(answer);
  await Promise.all([announced, opened]);
  return pair;
};

// It does not say when its buffer is low.
require('./measure.cjs')(connect, (pair, message, left, window) => {
  const fill = () => {
    for (; left > 0 && pair.channel.bufferedAmount <= window; left--) pair.channel.send(message);
    if (left > 0) setTimeout(fill, 1);
  };
  fill();
});
