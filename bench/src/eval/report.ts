import type { PrecisionReport } from '@framebus/models/score';
import { LABELS } from '@framebus/models/street';
import type { PipelineRun } from './pipeline-run.js';

/** What was measured. */
export interface EvalReport {
  readonly model: string;
  readonly seed: number;
  readonly scenes: number;
  /** Of the clip; figures are of those frames that got an event. */
  readonly frames: number;
  readonly confidence: number;
  readonly run: Omit<PipelineRun, 'found'>;
  readonly straight: PrecisionReport;
  readonly pipeline: PrecisionReport;
}

/** Tables for people to read. */
export function formatReport(report: EvalReport): string {
  const { model, seed, scenes, frames, confidence, run, straight, pipeline } = report;
  const loss = straight.ap50 - pipeline.ap50;
  const { published, analysed, unreadable } = run;
  return `${model} on ${scenes} street scenes from seed ${seed}: ${frames} frames, ${straight.images} of them compared; detections from confidence ${confidence}

Straight on the rendered pictures
${table(straight)}

Through the pipeline: H.264, RTSP, JPEG, detector, NATS
${table(pipeline)}

${published} frames published, ${analysed} with an event, ${unreadable} with no number that could be read
The pipeline loses ${points(loss)} points of mAP50: ${percent(straight.ap50)} to ${percent(pipeline.ap50)}
`;
}

function table({ classes, ap50, ap }: PrecisionReport): string {
  const objects = classes.reduce((sum, each) => sum + each.objects, 0);
  const detections = classes.reduce((sum, each) => sum + each.detections, 0);
  const rows = [
    ['class', 'AP50', 'AP50-95', 'objects', 'detections'],
    ...classes.map((each) => [
      LABELS[each.classId]!,
      percent(each.ap50),
      percent(each.ap),
      `${each.objects}`,
      `${each.detections}`,
    ]),
    ['mean', percent(ap50), percent(ap), `${objects}`, `${detections}`],
  ];
  return rows
    .map(([name, ...figures]) => name!.padEnd(10) + figures.map((f) => f.padStart(12)).join(''))
    .join('\n');
}

function percent(share: number): string {
  return `${points(share)} %`;
}

function points(share: number): string {
  return (100 * share).toFixed(1);
}
