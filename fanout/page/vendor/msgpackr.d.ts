/** Served by fanout from the package's export `msgpackr/unpack-no-eval`, which sets a global. */
declare global {
  var msgpackr: { unpack(bytes: Uint8Array): unknown };
}

export {};
