import { Alerts } from './alerts.js';
import type { Session } from './answers.js';
import { Classes } from './classes.js';
import { Connection } from './connection.js';
import { find } from './element.js';
import { Filter } from './filter.js';
import { FilterForm } from './filter-form.js';
import { CameraForm } from './form.js';
import { startHelp } from './help.js';
import { startLanguage, t } from './language.js';
import { LargeView } from './large.js';
import { startLayout } from './layout.js';
import { byName, nameOf } from './names.js';
import { startShortcuts } from './shortcuts.js';
import { Specs } from './specs.js';
import { SystemView } from './system.js';
import { startTheme } from './theme.js';
import { Wall } from './wall.js';
import { errorWords } from './words.js';

startLanguage(() => {
  wall.repaint();
  connection.say();
  large.refresh();
});
startTheme();
startHelp();

const filter = new Filter(() => {
  wall.repaint();
  large.repaint();
});
const classes = new Classes(() => filterForm.refresh());
const filterForm = new FilterForm(filter, classes);
const specs = new Specs();
const system = new SystemView();

const wall = new Wall(find(document, '#wall', HTMLElement), filter, {
  open: (tile) => large.open(tile),
  stop: (id) => act(id, () => connection.api.stop(id)),
  startAgain,
  remove: (id) => act(id, () => connection.api.remove(id)),
  detected: (detections) => classes.see(detections),
  alerted: (alert) => alerts.add(alert),
});
const layout = startLayout((most) => wall.arrange(most));

const cameraForm = new CameraForm({
  test: (streamUrl) => connection.api.probe(streamUrl),
  add: async (request) => {
    const { session_id } = await connection.api.start(request);
    specs.keep(session_id, request);
    connection.refresh();
    return session_id;
  },
});

const connection = new Connection({
  sessions: showSessions,
  health: (health) => system.setHealth(health),
  opened: () => void alerts.load(connection.api),
  refused: () => {
    document.body.dataset['sessions'] = 'unknown';
    large.close();
    wall.clear();
  },
});
find(document, '#health', HTMLButtonElement).addEventListener('click', () => system.open());

const large = new LargeView(
  filter,
  (from, places) => wall.after(from, places),
  rename,
  connection.api,
);
const alerts = new Alerts(connection.api, {
  open: (id, atMs) => {
    const tile = wall.tile(id);
    if (tile === undefined) return;
    large.open(tile);
    large.replay(atMs);
  },
  nameOf: (id) => nameOf(wall.tile(id)?.session ?? { session_id: id }),
});

startShortcuts({
  wall,
  layout,
  filterForm,
  addCamera: () => cameraForm.open(),
  showSystem: () => system.open(),
});

function showSessions(found: readonly Session[]): void {
  const sessions = found.toSorted(byName);
  document.body.dataset['sessions'] = sessions.length === 0 ? 'none' : 'some';
  wall.show(sessions, connection.api.key);
  alerts.refresh();
  system.setSessions(sessions, (id) => wall.tile(id)?.info?.fps ?? null);
}

async function rename(id: string, name: string | null): Promise<void> {
  const session = await connection.api.rename(id, name);
  wall.update(session);
  alerts.refresh();
}

function startAgain(id: string): void {
  const session = wall.tile(id)?.session;
  if (session === undefined) return;
  const spec = specs.of(session);
  if (spec === null) cameraForm.ask(session, t('tile.password'));
  else act(id, () => connection.api.start(spec));
}

/** Does what a tile's button says; what goes wrong is told in the tile. */
async function act(id: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
    wall.tile(id)?.say(null);
  } catch (error) {
    wall.tile(id)?.say(() => errorWords(error));
  }
  connection.refresh();
}

void connection.start();
