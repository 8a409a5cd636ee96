import type { Counters } from './counters.js';
import type { FrameResult } from './frame-result.js';
import { PictureQueue } from './picture-queue.js';
import { scale } from './scale.js';
import { Slots } from './slots.js';

/** Of one session and width. */
const mostOfSession = 4;
/** In this process: a picture of each of sixteen cameras comes at the same moment. */
const mostAtOnce = 64;
const slots = new Slots(mostAtOnce);

/** Scales the frames of one session to `width`, once for all their viewers; what there is no time for goes as it is. */
export function scalingQueue(
  width: number,
  deliver: (result: FrameResult) => void,
  counters: Pick<Counters, 'scaled' | 'unscaled'>,
): PictureQueue {
  return new PictureQueue({
    ...{ deliver, own: mostOfSession, shared: slots },
    make: async ({ jpeg }) => {
      if (jpeg === null) throw new Error('no picture');
      const scaled = await scale(jpeg, width);
      return (result) => result.scaled.set(width, scaled);
    },
    count: (made) => {
      counters[made ? 'scaled' : 'unscaled'] += 1;
    },
  });
}
