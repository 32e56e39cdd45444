// A browser behind WCAP/1: the peer commands of w3c.mjs run in a page, commands and events pass through evaluated expressions.
import { readFileSync } from 'node:fs';
import { serve } from '../node/core.mjs';
import { WcapError } from '../node/errors.mjs';

const source = name => readFileSync(new URL(`../node/${name}`, import.meta.url), 'utf8').replace(/^import .*$/gm, '').replace(/^export /gm, '');

// What the page runs. Its events wait in a queue for `wcap.events()`, which answers when there are some.
const page = bind => `(() => {
${source('errors.mjs')}
${source('w3c.mjs')}
const cases = new Map(), queue = [];
let wake = () => {};
const commands = commandsFor({ bind: ${JSON.stringify(bind)}, create: () => new RTCPeerConnection({ iceServers: [] }), endOfCandidates: true });
const caseOf = id => {
  if (!cases.has(id)) cases.set(id, { id, peers: new Map(), emit: (ev, peer, data) => { queue.push({ ev, id, peer, data }); wake(); } });
  return cases.get(id);
};
globalThis.wcap = {
  async call(name, args, id) {
    try {
      return JSON.stringify({ ok: (await commands[name](args, caseOf(id))) ?? {} });
    } catch (e) {
      return JSON.stringify({ err: e instanceof WcapError ? { kind: e.kind, reason: e.reason, detail: e.detail } : { kind: 'failed', detail: String(e) } });
    }
  },
  async end(id) {
    const it = caseOf(id);
    cases.delete(id);
    it.emit = () => {};
    await endCase(it);
    return '';
  },
  async events() {
    if (queue.length === 0) await new Promise(resolve => { wake = resolve; });
    return JSON.stringify(queue.splice(0));
  },
};
return JSON.stringify({ commands: Object.keys(commands), features });
})()`;

/**
 * Serves until the browser or the runner is gone.
 * hello: its "sut", "adapter" and "bind". run: async expression -> string that it, or its promise, gives in the page.
 */
export async function serveBrowser({ sut, adapter, bind, concurrency, run }) {
  const { commands: names, features } = JSON.parse(await run(page(bind)));
  const cases = new Map();
  const call = async (name, args, theCase) => {
    cases.set(theCase.id, theCase);
    const { ok, err } = JSON.parse(await run(`wcap.call(${JSON.stringify(name)}, ${JSON.stringify(args)}, ${JSON.stringify(theCase.id)})`));
    if (err) throw new WcapError(err.kind, err.reason, err.detail);
    return ok;
  };
  serve({
    hello: { version: 1, sut, adapter, levels: ['wire'], clock: ['real'], ordered: true, concurrency, bind, features },
    commands: Object.fromEntries(names.map(name => [name, (args, theCase) => call(name, args, theCase)])),
    endCase: async theCase => {
      cases.delete(theCase.id);
      await run(`wcap.end(${JSON.stringify(theCase.id)})`);
    },
  });
  for (;;) {
    for (const { ev, id, peer, data } of JSON.parse(await run('wcap.events()'))) cases.get(id)?.emit(ev, peer, data);
  }
}
