// What fanout does with an event: one message to one WebSocket. Prints its port.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'nats';
import { type WebSocket, WebSocketServer } from 'ws';

const connection = await connect({ servers: process.env.NATS_URL ?? '' });
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
await once(server, 'listening');
process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
const [viewer] = (await once(server, 'connection')) as [WebSocket];
connection.subscribe('detections.bare', {
  callback: (_, { headers, data }) => {
    viewer.send(
      JSON.stringify({
        frame_index: Number(headers?.get('Frame-Index')),
        ...JSON.parse(data.toString()),
      }),
    );
  },
});
