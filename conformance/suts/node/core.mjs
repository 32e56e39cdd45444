// The adapter's side of WCAP/1 (docs/adapter-protocol.md): JSON lines on stdin and stdout, nothing else on stdout.
import { readFileSync } from 'node:fs';
import readline from 'node:readline';
import { WcapError, badRequest, unsupported } from './errors.mjs';

/** The version of an installed package; its package.json need not be among its exports. */
export const versionOf = name => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

const write = message => process.stdout.write(JSON.stringify(message) + '\n');

// A library that logs to stdout must not break the dialogue.
for (const name of ['log', 'info', 'debug']) console[name] = console.error;

/**
 * Serves until "bye" or the end of stdin.
 * hello: the "ok" of hello. commands: name -> async (args, theCase) -> object. theCase: {id, emit(event, peer, data), peers: Map}.
 * endCase: releases everything of a case.
 */
export function serve({ hello, commands, endCase }) {
  const cases = new Map();
  const theCase = id => {
    if (!cases.has(id)) throw badRequest(`no case ${id}`);
    return cases.get(id);
  };
  const finish = async id => {
    const it = theCase(id);
    cases.delete(id);
    it.emit = () => {}; // no events of a case that has ended
    await endCase(it);
    return {};
  };
  const common = {
    hello: () => hello,
    ping: () => ({}),
    probe: ({ feature }) => {
      const claim = Object.hasOwn(hello.features, feature) ? hello.features[feature] : 'no';
      if (claim === 'no') throw unsupported();
      return { value: claim };
    },
    'case.begin': (_, id) => {
      const started = process.hrtime.bigint();
      cases.set(id, {
        id, peers: new Map(),
        emit: (ev, peer, data) => write({ ev, case: id, peer, t: Number(process.hrtime.bigint() - started), data }),
      });
      return {};
    },
    'case.end': (_, id) => finish(id),
    'case.abort': (_, id) => finish(id),
  };
  const answer = async ({ cmd, args = {}, case: id }) => {
    if (Object.hasOwn(common, cmd)) return common[cmd](args, id);
    if (!Object.hasOwn(commands, cmd)) throw unsupported(`command ${cmd}`);
    return commands[cmd](args, theCase(id));
  };
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', async line => {
    let message;
    try { message = JSON.parse(line); } catch { message = {}; }
    const { id = 0, cmd } = message;
    if (cmd === 'bye') {
      write({ id, ok: {} });
      process.stdout.write('', () => process.exit(0));
      return;
    }
    try {
      write({ id, ok: (await answer(message)) ?? {} });
    } catch (e) {
      const { kind, reason, detail } = e instanceof WcapError ? e : { kind: 'failed', detail: String(e) };
      write({ id, err: { kind, reason, detail } });
    }
  });
  lines.on('close', () => process.exit(0)); // the runner has gone
}
