import {
  type ConfigOf,
  flag,
  list,
  natsSettings,
  number,
  type Settings,
  text,
} from '@framebus/contract/service';

export const settings = {
  ...natsSettings,
  id: text(
    'DETECTOR_ID',
    '',
    'name of this detector in events and stats; empty: host name and process id',
  ),
  host: text(
    'DETECTOR_HOST',
    '127.0.0.1',
    'address on which `GET /readyz`, `/livez` and `/metrics` are answered',
  ),
  port: number('DETECTOR_PORT', 0, 'port of `GET /readyz`, `/livez` and `/metrics`; 0: none', {
    max: 65_535,
  }),
  model: text(
    'DETECTOR_MODEL',
    'nano',
    'name of a model in models/models.json, or the path of an .onnx file',
  ),
  labels: text('DETECTOR_LABELS', '', 'JSON array of class names for a model given by path'),
  inputSize: number(
    'DETECTOR_INPUT_SIZE',
    640,
    'width and height of the pictures, in pixels, for a model that leaves them open',
    { min: 32, max: 4096 },
  ),
  providers: list(
    'DETECTOR_PROVIDERS',
    'cpu',
    'execution providers of onnxruntime, tried in this order',
  ),
  requireGpu: flag('REQUIRE_GPU', false, 'refuse to start on the CPU'),
  threads: number(
    'DETECTOR_THREADS',
    0,
    'threads of one inference on the CPU; 0: half of the cores, divided among the detectors that share them',
    { max: 256 },
  ),
  deviceId: number(
    'DETECTOR_DEVICE_ID',
    0,
    'number of the GPU, for the providers cuda, tensorrt and dml',
    { max: 255 },
  ),
  batch: number(
    'DETECTOR_BATCH',
    1,
    'most frames of one inference; where the model fixes their number, that one',
    { min: 1, max: 64 },
  ),
  batchWaitMs: number(
    'DETECTOR_BATCH_WAIT_MS',
    0,
    'longest wait for a batch to fill, in ms, by which frames grow older; 0: only frames that are there already',
    { max: 1_000 },
  ),
  lowScoreMin: number(
    'DETECTOR_LOW_SCORE_MIN',
    1,
    'confidence, 0 to 1, from which events tell boxes below the threshold of their session too, as `low_score_detections`; ByteTrack takes 0.1; 1: none',
    { max: 1, whole: false },
  ),
  minInferenceMs: number(
    'DETECTOR_MIN_INFERENCE_MS',
    0,
    'shortest time that an inference takes, in ms: slows a detector down for load tests',
    { max: 60_000 },
  ),
  stuckMs: number(
    'DETECTOR_STUCK_MS',
    10_000,
    'longest time of an inference, in ms, or three times the longest at start where that is more; then the detector ends itself, to be started again',
    { min: 100, max: 3_600_000 },
  ),
  loadTimeoutMs: number(
    'DETECTOR_LOAD_TIMEOUT_MS',
    300_000,
    'longest time until the model is loaded and warm, in ms, over all providers; then the detector ends itself, to be started again; TensorRT may build for minutes',
    { min: 100, max: 86_400_000 },
  ),
} satisfies Settings;

export type DetectorConfig = ConfigOf<typeof settings>;
