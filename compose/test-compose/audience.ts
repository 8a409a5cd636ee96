import type { DetectionEvent } from '@framebus/contract';
import { type Child, grows, publishFile, until, type Viewer } from '@framebus/test';
import type { Test } from 'tap';
import type { Deployment } from './deployment.js';
import { historyOf } from './history.js';

/** A detector works on one frame, has one prepared and one whose result is on its way. */
export const inHand = 3;

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, 1_000 * count));

/** Cameras that publish the demo clip to a deployment, a session for each, and a viewer of each. */
export class Audience implements AsyncDisposable {
  readonly cameras: readonly string[];
  readonly viewers = new Map<string, Viewer>();
  readonly #deployment: Deployment;
  readonly #say: (words: string) => void;
  readonly #publishers: Child[] = [];

  constructor(deployment: Deployment, cameras: number, say: (words: string) => void) {
    this.#deployment = deployment;
    this.cameras = Array.from({ length: cameras }, (_, i) => `cam-${i + 1}`);
    this.#say = say;
  }

  async open(): Promise<void> {
    const deployment = this.#deployment;
    for (const camera of this.cameras) {
      this.#publishers.push(await publishFile(deployment.publishUrl(camera)));
      const spec = { session_id: camera, stream_url: deployment.readUrl(camera) };
      await deployment.call('POST', '/api/v1/video/start', spec);
      this.viewers.set(camera, await deployment.view(camera, 'json', '&frames=none'));
    }
  }

  async framesPerSecond(): Promise<number> {
    await seconds(2);
    const before = this.#framesSeen();
    await seconds(8);
    return (this.#framesSeen() - before) / 8;
  }

  #framesSeen(): number {
    return [...this.viewers.values()].reduce((sum, viewer) => sum + viewer.frameIndexes.length, 0);
  }

  /** Seconds until each viewer has had more frames than what was on its way when it was called. */
  async recovery(what: string): Promise<number> {
    const from = performance.now();
    const seen = [...this.viewers.values()].map(
      (viewer) => [viewer, viewer.frameIndexes.length] as const,
    );
    const all = () => seen.every(([viewer, count]) => viewer.frameIndexes.length > count + inHand);
    await until(what, all, { timeoutMs: 60_000 });
    const took = (performance.now() - from) / 1_000;
    this.#say(`${what}: frames for every viewer again after ${took.toFixed(1)} s`);
    return took;
  }

  /** The events of all cameras that JetStream keeps. */
  async events(): Promise<DetectionEvent[]> {
    const histories = [];
    for (const camera of this.cameras) histories.push(await historyOf(this.#deployment, camera));
    return histories.flat();
  }

  /** Asserts that every session runs and that no viewer was sent away or saw time run backwards. */
  async assertWell(t: Test): Promise<void> {
    const sessions = await this.#deployment.call<{ session_id: string; status: string }[]>(
      'GET',
      '/api/v1/video/sessions',
    );
    t.same(
      sessions.map(({ session_id, status }) => `${session_id} ${status}`).sort(),
      this.cameras.map((camera) => `${camera} running`),
    );
    for (const [camera, viewer] of this.viewers) {
      t.equal(viewer.closed, undefined, `${camera}'s viewer was open all the time`);
      t.ok(grows(viewer.frameIndexes), 'and saw growing indexes only');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const viewer of this.viewers.values()) await viewer[Symbol.asyncDispose]();
    for (const publisher of this.#publishers) await publisher.stop('SIGKILL');
  }
}

/** `camera frame` of each event, once. */
export function framesOf(events: readonly DetectionEvent[]): Set<string> {
  return new Set(events.map((event) => `${event.session_id} ${event.frame_index}`));
}
