// Two libdatachannel peers in one process, over loopback, through node-datachannel: what set-up and bytes through a data channel cost. Prints one JSON object.
// node node-datachannel.cjs FOLDER-WITH-NODE_MODULES SETUPS ROUNDS MESSAGES
'use strict';
const { createRequire } = require('node:module');
const { resolve } = require('node:path');
const { PeerConnection } = createRequire(resolve(process.argv[2], 'package.json'))('node-datachannel');
const [setups, rounds, messages] = process.argv.slice(3).map(Number);
const size = 16 * 1024, window = 256 * 1024;
const processor = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };

// From nothing to a channel that is open on both sides.
function connect() {
  return new Promise(done => {
    const configuration = { iceServers: [], bindAddress: '127.0.0.1' };
    const offerer = new PeerConnection('offerer', configuration), answerer = new PeerConnection('answerer', configuration);
    const pair = { offerer, answerer, received: 0, onReceived: () => {} };
    let open = 0;
    const opened = () => { if (++open === 2) done(pair); };
    for (const [from, to] of [[offerer, answerer], [answerer, offerer]]) {
      from.onLocalDescription((sdp, type) => to.setRemoteDescription(sdp, type));
      from.onLocalCandidate((candidate, mid) => to.addRemoteCandidate(candidate, mid));
    }
    answerer.onDataChannel(channel => {
      pair.far = channel;
      channel.onMessage(message => { pair.received += message.length; pair.onReceived(); });
      opened();
    });
    pair.channel = offerer.createDataChannel('bulk');
    pair.channel.onOpen(opened);
  });
}

function transfer(pair, count) {
  return new Promise(done => {
    const message = Buffer.alloc(size), want = pair.received + count * size;
    let left = count;
    const fill = () => { for (; left > 0 && pair.channel.bufferedAmount() <= window; left--) pair.channel.sendMessageBinary(message); };
    pair.channel.setBufferedAmountLowThreshold(window / 2);
    pair.channel.onBufferedAmountLow(fill);
    pair.onReceived = () => { if (pair.received >= want) done(); };
    fill();
  });
}

(async () => {
  const least = { setupWallMs: Infinity, setupCpuMs: Infinity, nsPerByte: Infinity };
  const keep = (name, value) => { least[name] = Math.min(least[name], value); };
  for (let i = 0; i < setups; i++) {
    const started = performance.now(), used = processor();
    const pair = await connect();
    keep('setupWallMs', performance.now() - started);
    keep('setupCpuMs', processor() - used);
    pair.offerer.close();
    pair.answerer.close();
  }
  const pair = await connect();
  for (let i = 0; i < rounds; i++) {
    const used = processor();
    await transfer(pair, messages);
    keep('nsPerByte', (processor() - used) * 1e6 / (messages * size));
  }
  console.log(JSON.stringify(least));
  process.exit(0);
})();
