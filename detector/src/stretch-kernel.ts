import { stretchWasm } from './stretch-wasm.js';

// @types/node leaves these to the types of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

/** What wasm/stretch.ts exports. Addresses are in bytes of its memory, which starts empty. */
export interface StretchKernel {
  readonly memory: {
    /** Another one after each growth. */
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KiB. */
    grow(pages: number): number;
  };
  across(
    rgb: number,
    rows: number,
    rowBytes: number,
    columns: number,
    width: number,
    to: number,
  ): void;
  down(
    upper: number,
    lower: number,
    upperWeight: number,
    lowerWeight: number,
    width: number,
    to: number,
    planeBytes: number,
  ): void;
}

const module = new WebAssembly.Module(Buffer.from(stretchWasm, 'base64'));

export function createStretchKernel(): StretchKernel {
  return new WebAssembly.Instance(module).exports as StretchKernel;
}
