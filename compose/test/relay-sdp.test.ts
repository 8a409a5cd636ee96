import t from 'tap';
import { parseSdp } from '../src/relay/sdp.js';

const twoTracks = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=camera',
  'c=IN IP4 239.0.0.1/127',
  't=0 0',
  'a=control:rtsp://192.0.2.1/camera',
  'a=tool:test',
  'm=video 5004 RTP/AVP 96',
  'b=AS:200',
  'a=rtpmap:96 h264/90000',
  'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LAHtkA,aMuMsg==',
  'a=control:streamid=0',
  'm=audio 5006 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/44100/1',
  'a=control:streamid=1',
  '',
];

t.test('readers get the SDP with tracks that they can set up here', async (t) => {
  const { tracks, sdp } = parseSdp(twoTracks.join('\r\n'), 8);
  t.same(tracks, [
    { control: 'streamid=0', encoding: 'H264' },
    { control: 'streamid=1', encoding: 'MPEG4-GENERIC' },
  ]);
  t.equal(
    sdp,
    [
      'v=0',
      'o=- 1 1 IN IP4 192.0.2.1',
      's=camera',
      'c=IN IP4 0.0.0.0',
      't=0 0',
      'a=tool:test',
      'a=control:*',
      'm=video 0 RTP/AVP 96',
      'b=AS:200',
      'a=rtpmap:96 h264/90000',
      'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0LAHtkA,aMuMsg==',
      'a=control:trackID=0',
      'm=audio 0 RTP/AVP 97',
      'a=rtpmap:97 MPEG4-GENERIC/44100/1',
      'a=control:trackID=1',
      '',
    ].join('\r\n'),
  );
});

t.test('an SDP with lines that end in LF alone is read too', async (t) => {
  t.equal(parseSdp(twoTracks.join('\n'), 8).tracks.length, 2);
});

t.test('what is no SDP, has no track or too many is refused', async (t) => {
  const tracks = (count: number) => `v=0\r\n${'m=video 0 RTP/AVP 96\r\n'.repeat(count)}`;
  for (const wrong of ['', 'v=0\r\n', 'hello', 'v=0\r\nm=video\0\r\n', 'v=1\r\nm=', tracks(9)]) {
    t.throws(() => parseSdp(wrong, 8), { name: 'RtspError', status: 400 }, wrong.slice(0, 20));
  }
  t.equal(parseSdp(tracks(8), 8).tracks.length, 8);
});
