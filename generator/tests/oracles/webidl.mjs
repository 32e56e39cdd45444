// What the webidl2 package says, for the tests of the Web IDL front end.
//   node webidl.mjs trees                   for each file of @webref/idl, in the order of their names: its tree as one line of JSON, keys sorted
//   node webidl.mjs parse < texts.json      the same for each of a list of texts
//   node webidl.mjs refusals < cases.json   for each of a list of lists of texts (each list: the files of one case): one line with the list of
//                                           what webidl2 refuses in them: ["syntax"], or the names of the rules of its validator
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, validate } from "webidl2";

const sorted = (value) =>
  Array.isArray(value) ? value.map(sorted)
  : value && typeof value === "object" ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
  : value;

const tree = (text) => JSON.stringify(sorted(JSON.parse(JSON.stringify(parse(text)))));

function trees() {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "node_modules", "@webref", "idl");
  const files = readdirSync(folder).filter((name) => name.endsWith(".idl")).sort();
  return files.map((name) => tree(readFileSync(join(folder, name), "utf8")));
}

function refusals(texts) {
  try {
    return validate(texts.map((text) => parse(text))).map((error) => error.ruleName);
  } catch (error) {
    if (error.name !== "WebIDLParseError") throw error;
    return ["syntax"];
  }
}

const input = () => JSON.parse(readFileSync(0, "utf8"));
const commands = { trees, parse: () => input().map(tree), refusals: () => input().map((texts) => JSON.stringify(refusals(texts))) };
const lines = commands[process.argv[2]]();
process.stdout.write(lines.join("\n"));
