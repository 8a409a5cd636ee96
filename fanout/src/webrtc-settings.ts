import { list, type Setting, type Settings, secret, text } from '@framebus/contract/service';

/** Where the viewer page plays cameras over WebRTC. */
export const webrtcSettings = {
  webrtcUrl: checked(
    text(
      'WEBRTC_URL',
      '',
      "MediaMTX's WebRTC address as browsers reach it, such as http://localhost:8889; empty: no live video",
    ),
    'an http or https address without user or password',
    (url) => {
      if (url === '') return true;
      const { protocol, username } = new URL(url);
      return /^https?:$/.test(protocol) && username === '';
    },
  ),
  webrtcRtspUrls: checked(
    list(
      'WEBRTC_RTSP_URLS',
      'rtsp://mediamtx:8554,rtsp://localhost:8554,rtsp://127.0.0.1:8554',
      'RTSP addresses of the same MediaMTX as sessions name it, separated by commas',
    ),
    'addresses such as rtsp://mediamtx:8554, separated by commas',
    (urls) => urls.every((url) => /^rtsps?:\/\/[^/@\s]+$/.test(url)),
  ),
  webrtcUser: text(
    'WEBRTC_USER',
    '',
    'user of MediaMTX who may read, told to whoever has a key of the video API; empty: none',
  ),
  webrtcPassword: secret('WEBRTC_PASSWORD', '', 'password of WEBRTC_USER'),
} satisfies Settings;

function checked<T>(
  setting: Setting<T>,
  expected: string,
  fits: (value: T) => boolean,
): Setting<T> {
  const parse = (given: string) => {
    const value = setting.parse(given);
    if (!fits(value)) throw new Error(expected);
    return value;
  };
  return { ...setting, expected, parse };
}
