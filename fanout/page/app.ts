import { Alerts } from './alerts.js';
import type { Session } from './api.js';
import { Classes } from './classes.js';
import { Connection } from './connection.js';
import { find } from './element.js';
import { Filter } from './filter.js';
import { FilterForm } from './filter-form.js';
import { CameraForm } from './form.js';
import { startHelp } from './help.js';
import { LargeView } from './large.js';
import { Specs } from './specs.js';
import { startTheme } from './theme.js';
import { Wall } from './wall.js';

startTheme();
startHelp();

const filter = new Filter(() => wall.repaint());
const classes = new Classes(() => filterForm.refresh());
const filterForm = new FilterForm(filter, classes);
const specs = new Specs();
const large = new LargeView(
  filter,
  (from, places) => wall.after(from, places),
  () => connection.api.webrtc(),
);

const wall = new Wall(find(document, '#wall', HTMLElement), filter, {
  open: (tile) => large.open(tile),
  stop: (id) => act(id, () => connection.api.stop(id)),
  startAgain,
  remove: (id) => act(id, () => connection.api.remove(id)),
  detected: (detections) => classes.see(detections),
  alerted: (alert) => alerts.add(alert, classes),
});

const alerts = new Alerts((id) => {
  const tile = wall.tile(id);
  if (tile !== undefined) large.open(tile);
});

const cameraForm = new CameraForm(async (request) => {
  const { session_id, message } = await connection.api.start(request);
  specs.keep(session_id, request);
  connection.refresh();
  return `${session_id}: ${message}`;
});

const connection = new Connection(showSessions, () => {
  document.body.dataset['sessions'] = 'unknown';
  large.close();
  wall.clear();
});

function showSessions(sessions: readonly Session[]): void {
  document.body.dataset['sessions'] = sessions.length === 0 ? 'none' : 'some';
  wall.show(sessions, connection.api.key);
}

function startAgain(id: string): void {
  const session = wall.tile(id)?.session;
  if (session === undefined) return;
  const spec = specs.of(session);
  if (spec === null) cameraForm.ask(session, 'Please enter the address with its password again.');
  else act(id, () => connection.api.start(spec));
}

/** Does what a tile's button says; what goes wrong is told in the tile. */
async function act(id: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
    wall.tile(id)?.say('');
  } catch (error) {
    wall.tile(id)?.say(error instanceof Error ? error.message : String(error));
  }
  connection.refresh();
}

void connection.start();
