// Converts numbers as the engine's own typed arrays and BigInts do: the oracle of NumberTests. In: a line of JSON {bits: [hex of a double], texts: [...]}.
// Out: a line of JSON with, for each double, its text and the conversion to each integer type; for each text, the bits of its number.
import { readFileSync } from "node:fs";

const given = JSON.parse(readFileSync(0, "utf8"));
const types = [[8, true], [8, false], [16, true], [16, false], [32, true], [32, false], [64, true], [64, false]];
const arrays = { "8s": Int8Array, "8u": Uint8Array, "16s": Int16Array, "16u": Uint16Array, "32s": Int32Array, "32u": Uint32Array };

function toDouble(hex) { return new DataView(new BigUint64Array([BigInt("0x" + hex)]).buffer).getFloat64(0, true); }
function toBits(value) {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}

function limits(bits, signed) {
  if (bits === 64) return [signed ? -(2n ** 53n) + 1n : 0n, 2n ** 53n - 1n];
  return signed ? [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] : [0n, 2n ** BigInt(bits) - 1n];
}

function modulo(value, bits, signed) {
  if (bits < 64) return String(new arrays[bits + (signed ? "s" : "u")]([value])[0]);
  const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
  return String(signed ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole));
}

function enforce(value, bits, signed) {
  if (!Number.isFinite(value)) return "error";
  const whole = BigInt(Math.trunc(value)), [least, most] = limits(bits, signed);
  return whole < least || whole > most ? "error" : String(whole);
}

function clamp(value, bits, signed) {
  if (bits === 8 && !signed) return String(new Uint8ClampedArray([value])[0]);
  if (Number.isNaN(value)) return "0";
  const [least, most] = limits(bits, signed);
  if (value <= Number(least)) return String(least);
  if (value >= Number(most)) return String(most);
  const floor = Math.floor(value), rest = value - floor;
  return String(BigInt(rest > 0.5 || rest === 0.5 && floor % 2 !== 0 ? floor + 1 : floor));
}

console.log(JSON.stringify({
  doubles: given.bits.map(toDouble).map(value => ({
    text: String(value),
    single: Number.isFinite(Math.fround(value)) ? toBits(Math.fround(value)) : "error",
    integers: types.map(([bits, signed]) => [modulo(value, bits, signed), enforce(value, bits, signed), clamp(value, bits, signed)]),
  })),
  texts: given.texts.map(text => toBits(Number(text))),
}));
