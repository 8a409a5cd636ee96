/** Decodes JPEGs beside the page's thread, no larger than they are shown, and hands the bitmaps over. */
export interface DecodeRequest {
  readonly id: number;
  readonly jpeg: Uint8Array<ArrayBuffer>;
  /** Pixels; 0: as large as it is. */
  readonly width: number;
  readonly height: number;
}

export interface DecodeAnswer {
  readonly id: number;
  /** Null when it is no picture. */
  readonly bitmap: ImageBitmap | null;
}

const worker = self as unknown as {
  onmessage: ((message: MessageEvent<DecodeRequest>) => void) | null;
  postMessage(answer: DecodeAnswer, transfer: Transferable[]): void;
};

worker.onmessage = async ({ data: { id, jpeg, width, height } }) => {
  const size: ImageBitmapOptions =
    width > 0 ? { resizeWidth: width, resizeHeight: height, resizeQuality: 'medium' } : {};
  const blob = new Blob([jpeg], { type: 'image/jpeg' });
  const bitmap = await createImageBitmap(blob, size).catch(() => null);
  worker.postMessage({ id, bitmap }, bitmap === null ? [] : [bitmap]);
};
