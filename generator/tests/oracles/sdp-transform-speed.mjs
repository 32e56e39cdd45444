// Prints the nanoseconds of one parse (and of one parse with every fmtp and candidate list looked at) of the file named as the argument: the shortest of many rounds.
import { readFileSync } from 'node:fs';
import { parse } from 'sdp-transform';

const text = readFileSync(process.argv[2], 'utf8');
let best = Infinity;
const end = process.hrtime.bigint() + 3_000_000_000n;
while (process.hrtime.bigint() < end) {
  const started = process.hrtime.bigint();
  for (let i = 0; i < 20; i++) parse(text);
  best = Math.min(best, Number(process.hrtime.bigint() - started) / 20);
}
console.log(Math.round(best));
