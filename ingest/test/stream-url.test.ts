import t from 'tap';
import { everyCamera } from '../src/allowed-cameras.js';
import { BadRequestError, StreamHostError } from '../src/errors.js';
import { checkStreamUrl, redact } from '../src/stream-url.js';
import { camerasOf } from './cameras-of.js';

t.test('RTSP URLs are taken', (t) => {
  for (const url of [
    'rtsp://camera/stream',
    'RTSP://10.0.0.7:8554/live/1?channel=2&subtype=0',
    'rtsps://user:p%40ss@camera.example:322/x',
    'rtsp://[::1]:8554/x',
  ]) {
    t.doesNotThrow(() => checkStreamUrl(url, everyCamera), url);
  }
  t.end();
});

t.test('anything else is refused', (t) => {
  for (const url of [
    '',
    'camera',
    'http://camera/x',
    'file:///etc/passwd',
    'rtsp:camera',
    'rtsp://',
    'rtsp:///x',
    '-i rtsp://camera/x',
    'rtsp://camera/x -f null',
    'rtsp://camera/\nx',
    'rtsp://camera/\u0000x',
    'rtsp://camera\\@other/x',
    'rtsp://cam%65ra/x',
    'rtsp://camera:99999/x',
    'rtsp://camera/ü',
    'concat:rtsp://camera/x',
  ]) {
    t.throws(() => checkStreamUrl(url, everyCamera), BadRequestError, JSON.stringify(url));
  }
  t.end();
});

t.test('with a list of hosts no other host is allowed', (t) => {
  const hosts = camerasOf({ STREAM_HOSTS: 'Camera.example,10.0.0.7' });
  t.doesNotThrow(() => checkStreamUrl('rtsp://u:p@camera.EXAMPLE:8554/x', hosts));
  t.doesNotThrow(() => checkStreamUrl('rtsp://10.0.0.7/x', hosts));
  t.throws(() => checkStreamUrl('rtsp://other/x', hosts), StreamHostError);
  t.throws(() => checkStreamUrl('rtsp://camera.example@other/x', hosts), StreamHostError);
  t.throws(() => checkStreamUrl('rtsp://camera.example.other/x', hosts), StreamHostError);
  t.end();
});

t.test('credentials are left out of URLs and of text that holds them', (t) => {
  t.equal(redact('rtsp://user:pass@host/x'), 'rtsp://***@host/x');
  t.equal(redact('rtsp://user:p@ss@host:1/x'), 'rtsp://***@host:1/x');
  t.equal(redact('rtsps://token@host'), 'rtsps://***@host');
  t.equal(
    redact('rtsp://host/x?user=a&password=b&ch=1'),
    'rtsp://host/x?user=***&password=***&ch=1',
  );
  t.equal(redact('rtsp://host/x@y'), 'rtsp://host/x@y');
  t.equal(
    redact('rtsp://a:b@h/x: Input/output error (RTSP://c:d@h2)'),
    'rtsp://***@h/x: Input/output error (RTSP://***@h2)',
  );
  t.end();
});
