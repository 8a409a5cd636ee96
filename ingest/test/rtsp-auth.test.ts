import t from 'tap';
import { Authorization } from '../src/rtsp/auth.js';

const mufasa = { user: 'Mufasa', password: 'Circle Of Life' };
const rfc2617 =
  'Digest realm="testrealm@host.com", qop="auth,auth-int", ' +
  'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';

t.test('the example of RFC 2617, section 3.5, is answered as it says', (t) => {
  const authorization = new Authorization(mufasa, () => '0a4f113b');
  t.equal(authorization.header('GET', '/dir/index.html'), undefined);
  t.ok(authorization.challenge([rfc2617], false));
  const header = authorization.header('GET', '/dir/index.html') ?? '';
  t.match(header, /^Digest username="Mufasa", realm="testrealm@host.com"/);
  t.match(header, 'response="6629fae49393a05397450978507c4ef1"');
  t.match(header, 'opaque="5ccc069c403ebaf9f0171e9517f40e41"');
  t.match(header, 'qop=auth, nc=00000001');
  t.match(authorization.header('GET', '/dir/index.html'), 'nc=00000002');
  t.end();
});

t.test('a camera without qop gets the digest of RFC 2069', (t) => {
  const authorization = new Authorization(mufasa);
  authorization.challenge(['Digest realm="testrealm@host.com", nonce="dcd98b71"'], false);
  const header = authorization.header('DESCRIBE', 'rtsp://camera/x') ?? '';
  // md5(md5('Mufasa:testrealm@host.com:Circle Of Life') + ':dcd98b71:' + md5('DESCRIBE:rtsp://camera/x'))
  t.match(header, 'response="e3a29d705361042d5d61c7c90739c41f"');
  t.notMatch(header, 'cnonce');
  t.end();
});

t.test('Digest comes before Basic, whether in one header or in two', (t) => {
  for (const headers of [['Basic realm="a"', rfc2617], [`Basic realm="a", ${rfc2617}`]]) {
    const authorization = new Authorization(mufasa);
    t.ok(authorization.challenge(headers, false));
    t.match(authorization.header('OPTIONS', '*'), /^Digest /);
  }
  const basic = new Authorization({ user: 'Aladdin', password: 'open sesame' });
  t.ok(basic.challenge(['Basic realm="WallyWorld"'], false));
  t.equal(basic.header('OPTIONS', '*'), 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
  t.end();
});

t.test('a refused login is not tried again, an aged nonce is', (t) => {
  const authorization = new Authorization(mufasa);
  t.notOk(authorization.challenge([rfc2617], true));
  t.ok(authorization.challenge([`${rfc2617}, stale=TRUE`], true));
  t.notOk(authorization.challenge(['Negotiate'], false), 'unknown scheme');
  t.notOk(new Authorization(undefined).challenge([rfc2617], false), 'no login');
  t.end();
});
