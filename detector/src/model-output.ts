/** What was found in one frame, in no order that all export styles share. */
export interface ModelOutput {
  /** Class ids, one a detection. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** xyxy in pixels of the frame, 4 a detection. */
  readonly boxes: Float32Array<ArrayBuffer>;
  /** 0 to 1. */
  readonly scores: Float32Array<ArrayBuffer>;
}
