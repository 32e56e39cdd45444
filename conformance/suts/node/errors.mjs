// The errors of WCAP/1 (docs/adapter-protocol.md).
export class WcapError extends Error {
  constructor(kind, reason, detail) { super(detail ?? reason); Object.assign(this, { kind, reason, detail }); }
}
export const unsupported = detail => new WcapError('unsupported', undefined, detail);
export const rejected = (reason, detail) => new WcapError('rejected', reason, detail);
export const badRequest = detail => new WcapError('badRequest', undefined, detail);
