import { join } from 'node:path';
import type { LocalConfig } from './settings.js';

/** What `npm start` says when all is up. */
export function greeting(config: LocalConfig): string {
  const base = `http://localhost:${config.proxyPort}`;
  return `framebus is up.

  watch    ${base}/
  control  curl ${base}/api/v1/video/sessions -H 'apikey: ${config.videoKey}'
  tap      nats --server localhost:${config.natsPort} sub 'detections.>'
  camera   ffmpeg -re -stream_loop -1 -i my.mp4 -c copy -f rtsp -rtsp_transport tcp -pkt_size 60000 rtsp://localhost:${config.rtspPort}/camera
  logs     ${join(config.dataDir, 'logs')}

Ctrl-C stops everything.
`;
}
