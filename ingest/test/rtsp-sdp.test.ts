import t from 'tap';
import { OtherCodecError, videoTrackOf } from '../src/rtsp/sdp.js';

const base = 'rtsp://camera/live';
const h264 = [
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0IAH5WoFAFuQA==,aM48gA==;profile-level-id=42001F',
];

const sdp = (...lines: readonly string[]) => ['v=0', 's=-', ...lines].join('\r\n');

t.test('the first H.264 or H.265 track is taken, with its parameter sets', (t) => {
  const sound = ['m=audio 0 RTP/AVP 8', 'a=control:trackID=0'];
  const other = ['m=video 0 RTP/AVP 26', 'a=control:trackID=1'];
  const text = sdp(...sound, ...other, ...h264, 'a=control:trackID=2');
  const track = videoTrackOf(text, base);
  t.match(track, { codec: 'h264', payloadType: 96, controlUrl: `${base}/trackID=2` });
  t.same(
    track.parameterSets.map((set) => set.toString('base64')),
    ['Z0IAH5WoFAFuQA==', 'aM48gA=='],
  );
  const hevc = sdp(
    ...['m=video 0 RTP/AVP 97 98', 'a=rtpmap:98 H265/90000'],
    'a=fmtp:98 sprop-vps=QAEMAf//AWA=; sprop-sps=QgEBAWAAAAM=; sprop-pps=RAHBc9GJ',
  );
  const second = videoTrackOf(hevc, base);
  t.match(second, { codec: 'hevc', payloadType: 98 });
  t.same(
    second.parameterSets.map((set) => (set[0] ?? 0) >> 1),
    [32, 33, 34],
  );
  t.end();
});

t.test('control URLs may be relative, absolute, a query, or none', (t) => {
  const urls = (session: string[], media: string[], from = base) => {
    const track = videoTrackOf(sdp(...session, ...h264, ...media), from);
    return [track.aggregateUrl, track.controlUrl];
  };
  t.same(urls([], []), [base, base]);
  t.same(urls(['a=control:*'], ['a=control:t=1'], `${base}/`), [`${base}/`, `${base}/t=1`]);
  t.same(urls([], ['a=control:?track=1']), [base, `${base}?track=1`]);
  t.same(urls([], ['a=control:rtsp://me:hush@other/t1']), [base, 'rtsp://other/t1']);
  t.same(urls(['a=control:rtsp://camera/all'], ['a=control:t1']), [
    'rtsp://camera/all',
    'rtsp://camera/all/t1',
  ]);
  t.throws(() => urls([], ['a=control:x\tTEARDOWN y']), { code: 'CAMERA_BROKEN' });
  t.end();
});

t.test('other video is left to ffmpeg, and no video at all is an error', (t) => {
  const jpeg = sdp('m=video 0 RTP/AVP 26');
  const interleaved = sdp(
    ...['m=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2'],
  );
  const encrypted = sdp('m=video 0 RTP/SAVP 96', 'a=rtpmap:96 H264/90000');
  const vp8 = sdp('m=video 0 RTP/AVP 96', 'a=rtpmap:96 VP8/90000');
  for (const text of [jpeg, interleaved, encrypted, vp8]) {
    t.throws(() => videoTrackOf(text, base), OtherCodecError);
  }
  t.throws(() => videoTrackOf(vp8, base), { message: /VP8/ });
  for (const text of ['', 'm=', sdp('m=audio 0 RTP/AVP 8')]) {
    t.throws(() => videoTrackOf(text, base), { code: 'CAMERA_NO_VIDEO' });
  }
  t.end();
});
