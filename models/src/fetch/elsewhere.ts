const rtdetrL = `rtdetr-l.pt is Ultralytics' RT-DETR-L. Ultralytics' code and weights are under AGPL-3.0, whose
terms reach services that use them, so framebus does not fetch them. If you take those terms, their own program
(pip install ultralytics) exports it:

  yolo export model=rtdetr-l.pt format=onnx

That writes rtdetr-l.onnx, which this runs:

  DETECTOR_MODEL=$PWD/rtdetr-l.onnx DETECTOR_LABELS=$PWD/models/coco.json npm start`;

/** Models that people ask for and that are not fetched, with what to do instead. */
export const elsewhere: ReadonlyMap<string, string> = new Map([
  ['rtdetr-l', rtdetrL],
  ['rtdetr-l.pt', rtdetrL],
]);
