// What two peers of one implementation, in this process, cost: set-up, and bytes through a data channel. Prints one JSON object.
'use strict';
const size = 16 * 1024, window = 256 * 1024;
const processor = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };

/**
 * @param connect From nothing to a channel that is open on both sides: { received, onReceived, close(), ... }, whose onReceived is called after each message.
 * @param transfer Sends so many messages, with at most window bytes in the buffer: (pair, message, count, window).
 */
module.exports = async (connect, transfer) => {
  const [setups, rounds, messages] = process.argv.slice(3).map(Number);
  const least = { setupWallMs: Infinity, setupCpuMs: Infinity, nsPerByte: Infinity };
  const keep = (name, value) => { least[name] = Math.min(least[name], value); };
  // The kernel counts what other threads use late: only many in a row tell.
  const row = 20;
  for (let i = 0; i < setups; i += row) {
    let used = 0;
    for (let j = 0; j < row; j++) {
      const started = performance.now(), before = processor();
      const pair = await connect();
      keep('setupWallMs', performance.now() - started);
      used += processor() - before;
      pair.close();
    }
    keep('setupCpuMs', used / row);
  }
  const pair = await connect();
  const message = Buffer.alloc(size);
  for (let i = 0; i < rounds; i++) {
    const used = processor(), want = pair.received + messages * size;
    await new Promise(done => {
      pair.onReceived = () => { if (pair.received >= want) done(); };
      transfer(pair, message, messages, window);
    });
    keep('nsPerByte', (processor() - used) * 1e6 / (messages * size));
  }
  console.log(JSON.stringify(least));
  process.exit(0);
};
