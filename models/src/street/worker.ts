import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { renderShare } from './stills.js';

// The threads of this file are the share of the machine that was asked for.
sharp.concurrency(1);
parentPort?.postMessage(await renderShare(workerData.options, workerData.share));
