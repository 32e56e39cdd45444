// Two libdatachannel peers over loopback, through node-datachannel.
// node node-datachannel.cjs FOLDER-WITH-NODE_MODULES SETUPS ROUNDS MESSAGES
'use strict';
const { createRequire } = require('node:module');
const { resolve } = require('node:path');
const { PeerConnection } = createRequire(resolve(process.argv[2], 'package.json'))('node-datachannel');

const connect = () => new Promise(done => {
  const configuration = { iceServers: [], bindAddress: '127.0.0.1' };
  const offerer = new PeerConnection('offerer', configuration), answerer = new PeerConnection('answerer', configuration);
  const pair = { received: 0, onReceived: () => {}, close: () => { offerer.close(); answerer.close(); } };
  let open = 0;
  const opened = () => { if (++open === 2) done(pair); };
  for (const [from, to] of [[offerer, answerer], [answerer, offerer]]) {
    from.onLocalDescription((sdp, type) => to.setRemoteDescription(sdp, type));
    from.onLocalCandidate((candidate, mid) => {
      try {
        to.addRemoteCandidate(candidate, mid);
      } catch { /* it came after the end */ }
    });
  }
  answerer.onDataChannel(channel => {
    pair.far = channel;
    channel.onMessage(message => { pair.received += message.length; pair.onReceived(); });
    opened();
  });
  pair.channel = offerer.createDataChannel('bulk');
  pair.channel.onOpen(opened);
});

require('./measure.cjs')(connect, (pair, message, left, window) => {
  const fill = () => { for (; left > 0 && pair.channel.bufferedAmount() <= window; left--) pair.channel.sendMessageBinary(message); };
  pair.channel.setBufferedAmountLowThreshold(window / 2);
  pair.channel.onBufferedAmountLow(fill);
  fill();
});
