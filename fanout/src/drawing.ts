import { annotate, drawingSlots } from './annotate.js';
import type { Counters } from './counters.js';
import type { FrameResult } from './frame-result.js';
import type { Labels } from './labels.js';
import { PictureQueue } from './picture-queue.js';
import { Slots } from './slots.js';

const slotsPerSession = 2;
const slots = new Slots(drawingSlots);

/** Draws boxes into the frames of one session: at most two at once, while these are drawn results go without. */
export function drawingQueue(
  labels: Labels,
  deliver: (result: FrameResult) => void,
  counters: Pick<Counters, 'drawn' | 'undrawn'>,
): PictureQueue {
  return new PictureQueue({
    ...{ deliver, own: slotsPerSession, shared: slots },
    make: async ({ jpeg, event }) => {
      if (jpeg === null) throw new Error('no picture');
      const drawn = await annotate(jpeg, event.detections, labels);
      return (result) => {
        result.drawn = drawn;
      };
    },
    count: (made) => {
      counters[made ? 'drawn' : 'undrawn'] += 1;
    },
  });
}
