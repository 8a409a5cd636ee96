import { CameraError } from '../camera-error.js';
import { controlUrl } from './sdp.js';

const maxControls = 64;

export interface DoorSdp {
  readonly sdp: string;
  /** What the URL of the whole stream means at the camera. */
  readonly aggregateUrl: string;
  /** What `<url>/<index>` means at the camera. */
  readonly controlUrls: readonly string[];
}

/** An SDP whose control attributes are `<url>/<index>`. @throws CameraError when it is wrong */
export function sdpBehindDoor(sdp: string, baseUrl: string, url: string): DoorSdp {
  let aggregateUrl = baseUrl;
  let inMedia = false;
  const controlUrls: string[] = [];
  const lines = sdp.split(/[\r\n]+/).flatMap((line) => {
    inMedia ||= line.startsWith('m=');
    const control = /^a=control:(.*)$/.exec(line)?.[1]?.trim();
    if (control === undefined) return [line];
    if (!inMedia) {
      aggregateUrl = controlUrl(control, baseUrl);
      return [];
    }
    if (controlUrls.length >= maxControls) throw new CameraError('CAMERA_BROKEN', 'SDP is wrong');
    controlUrls.push(controlUrl(control, aggregateUrl));
    return [`a=control:${url}/${controlUrls.length - 1}`];
  });
  return { sdp: lines.join('\r\n'), aggregateUrl, controlUrls };
}
