import { type ConfigOf, type Setting, type Settings, text } from '@framebus/contract/service';

/** nats-server reads a password such as 12e4 as a number, and addresses take no `@` or `/`: so letters and digits. */
const passwordPattern = /^[A-Za-z][A-Za-z0-9]{7,127}$/;

function password(name: string, of: string): Setting<string> {
  return {
    ...text(name, '', `password of ${of}; empty: made up`),
    expected: '8 to 128 letters and digits, a letter first',
    parse: (t) => {
      if (t !== '' && !passwordPattern.test(t)) throw new RangeError();
      return t;
    },
    secret: true,
  };
}

/** The passwords of a deployment. */
export const passwords = {
  natsIngest: password('NATS_INGEST_PASSWORD', 'the NATS user ingest'),
  natsDetector: password('NATS_DETECTOR_PASSWORD', 'the NATS user detector'),
  natsFanout: password('NATS_FANOUT_PASSWORD', 'the NATS user fanout'),
  natsViewer: password('NATS_VIEWER_PASSWORD', 'the NATS user viewer, who may watch'),
  natsCli: password('NATS_CLI_PASSWORD', 'the NATS user cli, who may read all'),
  natsSys: password('NATS_SYS_PASSWORD', 'the NATS user sys, of the system account'),
  natsCluster: password('NATS_CLUSTER_PASSWORD', 'the servers of a NATS cluster among each other'),
  rtspPublish: password('RTSP_PUBLISH_PASSWORD', 'the RTSP user publisher, for cameras that push'),
  rtspRead: password('RTSP_READ_PASSWORD', 'the RTSP and WebRTC user reader'),
  rtspAdmin: password('RTSP_ADMIN_PASSWORD', "the user admin of MediaMTX's API and metrics"),
} satisfies Settings;

/** Settings of the program that makes up what is not set. */
export const settings = {
  folder: text('KEYS_DIR', '/keys', 'folder with a volume for each reader of passwords'),
  ...passwords,
} satisfies Settings;

export type Passwords = ConfigOf<typeof passwords>;
