/** What went wrong or is waited for, by the code that the API gives, and where it tells kinds of a code apart by those. */
export const reasonsEn = {
  'reason.CAMERA_REFUSED':
    'Nothing listens at that address and port (connection refused). Is the camera on, and is the port right?',
  'reason.CAMERA_UNAUTHORISED': 'The camera refuses the user or password.',
  'reason.CAMERA_NOT_FOUND':
    'The camera answers, but has no stream at that path. Its manual tells the path.',
  'reason.CAMERA_HOST_UNKNOWN': 'That host name is not known. Is it spelled right?',
  'reason.CAMERA_UNREACHABLE': 'That host cannot be reached from where framebus runs.',
  'reason.CAMERA_TIMEOUT': 'The camera does not answer in time.',
  'reason.CAMERA_FROZEN': 'The camera sent no picture for {seconds} s.',
  'reason.CAMERA_ENDED': 'The camera ended the stream.',
  'reason.CAMERA_NO_VIDEO': 'The stream has no video.',
  'reason.CAMERA_TLS': 'No TLS connection with the camera. Does it speak rtsps://?',
  'reason.CAMERA_TLS.untrusted':
    'The certificate of the camera is not signed by an authority of STREAM_TLS_CA.',
  'reason.CAMERA_TLS.certificate': 'The certificate of the camera is not valid: {said}',
  'reason.CAMERA_TLS.authorities': 'The file of STREAM_TLS_CA cannot be read ({said}).',
  'reason.CAMERA_ENCRYPTED':
    'The camera encrypts its video in a way that framebus does not read ({said}).',
  'reason.CAMERA_REDIRECTS':
    'The camera sends framebus to another address ({status}), where it does not follow.',
  'reason.CAMERA_BROKEN': 'What the camera sends is not right ({said}).',
  'reason.CAMERA_FAILED': 'The camera cannot be read ({said}).',
  'reason.CAMERA_FAILED.ffmpeg': 'The camera cannot be read. ffmpeg says: {said}',
  'reason.CAMERA_FAILED.answer': 'The camera answers {method} with “{said}”.',
  'reason.CAMERA_NOT_ALLOWED.scheme':
    'Addresses that begin with {scheme}:// are not allowed here (STREAM_SCHEMES).',
  'reason.CAMERA_NOT_ALLOWED.port': 'Port {port} is not allowed here (STREAM_PORTS).',
  'reason.CAMERA_NOT_ALLOWED.host':
    'Cameras on host {host} are not allowed here (STREAM_HOSTS, STREAM_ADDRESSES).',
  'reason.CAMERA_NOT_ALLOWED.addresses':
    'No address of host {host} is allowed here (STREAM_ADDRESSES, STREAM_HOSTS).',
  'reason.CAMERA_CONNECTING': 'Connecting to the camera.',
  'reason.FFMPEG_MISSING': 'ffmpeg was not found where ingest runs (FFMPEG_PATH).',
  'reason.FRAME_TOO_LARGE':
    'A frame has {bytes} bytes, but NATS takes {most}: lower the width or the quality.',
  'reason.NO_INGEST': 'No ingest has taken this camera yet. Does one run?',
  'reason.SESSION_AWAITED': 'There is no camera {session_id} yet.',
  'reason.SESSION_NOT_FOUND': 'There is no camera {session_id}.',
  'reason.SESSION_CONFLICT':
    '{session_id} runs with another address or other values: stop it first, or take another name.',
  'reason.TOO_MANY_SESSIONS':
    '{most} cameras run already, which is the most allowed: stop one first.',
  'reason.TOO_MANY_STOPPED':
    '{most} stopped cameras are listed: try again in a minute, or remove some.',
  'reason.TOO_MANY_PROBES':
    '{most} cameras are being tried, which is the most at once: try again in a moment.',
  'reason.NATS_UNAVAILABLE':
    'framebus cannot reach NATS at present. Look at nats-server and its log.',
  'reason.NATS_REFUSES': 'NATS refuses framebus: the permissions of its NATS user are not right.',
  'reason.INTERNAL': 'Something went wrong in framebus. Its log tells more.',
  'reason.BAD_REQUEST': 'The value of {field} is not right.',
  'reason.BAD_REQUEST.stream_url':
    'The address is not right: rtsp://host/path or rtsps://host/path is expected.',
  'reason.BAD_REQUEST.session_id': 'A name has 1 to 64 letters, digits, _ and -.',
  'reason.BAD_REQUEST.name': 'A name has 1 to 80 characters.',
} as const;
