// Parses session descriptions with sdp-transform: reads {"name": "text", ...} on stdin, prints {"name": parsed, ...}.
import { parse } from 'sdp-transform';

let text = '';
for await (const chunk of process.stdin) text += chunk;
const parsed = Object.entries(JSON.parse(text)).map(([name, description]) => [name, parse(description)]);
process.stdout.write(JSON.stringify(Object.fromEntries(parsed)));
