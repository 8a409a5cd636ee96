/** A MediaMTX as `/ws/webrtc` describes it. */
export interface WebRtcServer {
  /** Base of its WHEP endpoints; null when there is no live video. */
  readonly url: string | null;
  /** `rtsp://host:port` as sessions name it. */
  readonly rtsp_urls: readonly string[];
  readonly user: string | null;
  readonly password: string | null;
}

const rtspPort = { rtsp: '554', rtsps: '322' } as const;
const rtspUrl = /^(rtsps?):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?(?:\/([^?#]*))?/i;

/** Where a session's camera plays over WebRTC; null when it is not at that server. */
export function whepEndpoint(streamUrl: string, { url, rtsp_urls }: WebRtcServer): string | null {
  const camera = place(streamUrl);
  if (url === null || camera === null || camera.path === '') return null;
  if (!rtsp_urls.some((known) => place(known)?.authority === camera.authority)) return null;
  return `${url.replace(/\/+$/, '')}/${camera.path}/whep`;
}

function place(address: string): { authority: string; path: string } | null {
  const [, scheme, host = '', port, path = ''] = rtspUrl.exec(address) ?? [];
  if (scheme === undefined) return null;
  const known = scheme.toLowerCase() as keyof typeof rtspPort;
  const authority = `${host.toLowerCase()}:${port ?? rtspPort[known]}`;
  return { authority, path: path.replace(/^\/+|\/+$/g, '') };
}
