// What does the page show, and how does everything in it find everything else?

import { atHome, channelView, threadView } from './channel.js';
import { clock } from './clock.js';
import { h, keyOf, patch } from './dom.js';
import { act, listen } from './feed.js';
import { overlays, strayKey, takeFocus } from './modal.js';
import { namesOf } from './names.js';
import { panelKeys, panelView, startPanel, toldOfPanel } from './panels.js';
import { actingAs } from './people.js';
import { sidebar } from './sidebar.js';
import { news, say, toasts } from './toasts.js';
import { markNew, read } from './unread.js';

const places = { page: document.getElementById('page'), over: document.getElementById('over'), toasts: document.getElementById('toasts') };
const fresh = () => ({ channel: null, thread: null, tab: 'home', write: false, chosen: new Map(), pressed: new Set(), newFrom: {}, panel: null });

const ctx = {
  snapshot: null,
  me: null,
  names: null,
  online: true,
  ui: fresh(),
  now: () => ctx.snapshot.now + (performance.now() - ctx.tookAt) / 1000,
  act: (verb, what) => act(ctx.me.id, verb, what),
  render,
  go,
  told,
  press,
  isPressed: (key, where) => ctx.ui.pressed.has(spot(key, where)),
  confirm: (asks) => new Promise((resolve) => ask(asks, resolve)),
  become,
  openPanel,
};
const MESSAGE_LINK = /^https:\/\/sandbox\.slack\.com\/archives\/(\w+)\/p(\d{10})(\d{6})$/;
let stop = () => {};
let planned = false;
let opener = null;

function start(person) {
  stop();
  ctx.ui = { ...fresh(), panel: ctx.ui.panel };
  ctx.snapshot = null;
  stop = listen(person, {
    onSnapshot: take,
    onPanel: toldOfPanel,
    onLine(online) {
      ctx.online = online;
      render();
    },
  });
}

function take(snapshot) {
  const first = !ctx.snapshot;
  Object.assign(ctx, { snapshot, tookAt: performance.now(), me: snapshot.me, names: namesOf(snapshot) });
  if (first) arrive(snapshot);
  news(ctx, snapshot.notices, first);
  render();
}

/** A person who comes sees a channel at once, where there is room for it beside the list. */
function arrive(snapshot) {
  const open = snapshot.channels.filter((one) => !one.archived);
  const wanted = sessionStorage.getItem(`place-${snapshot.me.id}`);
  const place = open.find((one) => one.id === wanted) ?? open.find((one) => one.name === 'support') ?? open[0];
  if (place) go({ channel: place.id });
}

function become(person) {
  const url = new URL(location.href);
  url.searchParams.set('as', person);
  history.pushState(null, '', url);
  start(person);
}

/** Go to a channel, thread or tab; null goes back from there. */
function go(where) {
  const { ui } = ctx;
  if ('channel' in where && where.channel !== ui.channel) {
    markNew(ctx, where.channel);
    ui.thread = null;
    if (where.channel) sessionStorage.setItem(`place-${ctx.me.id}`, where.channel);
  }
  Object.assign(ui, { write: false, editing: null }, newsFirst(where), where);
  if (ui.thread && !ui.channel) ui.channel = ui.thread.channel;
  if (opensHome(where)) ctx.act('open_home').then(told);
  render();
}

/** Whoever comes to the app because it wrote to them sees what it wrote; else its Home. */
function newsFirst(where) {
  const channel = ctx.snapshot.channels.find((one) => one.id === where.channel);
  return 'channel' in where ? { tab: channel?.unread ? 'messages' : 'home' } : {};
}

function opensHome(where) {
  const channel = ctx.snapshot.channels.find((one) => one.id === ctx.ui.channel);
  return atHome(ctx, channel) && ('channel' in where || 'tab' in where);
}

function told(answer) {
  if (!answer.ok && answer.error) say(ctx, answer.error, 'trouble');
  render();
  return answer;
}

const spot = (key, where) => keyOf(key, JSON.stringify(where));

async function press(what, { key, confirm }) {
  if (confirm && !(await ctx.confirm(confirm))) return;
  const name = spot(key, what.where);
  ctx.ui.pressed.add(name);
  render();
  const answer = await ctx.act('press', what);
  ctx.ui.pressed.delete(name);
  told(answer);
}

function ask(asks, resolve) {
  const before = document.activeElement;
  ctx.ui.question = {
    asks,
    answer(yes) {
      ctx.ui.question = null;
      resolve(yes);
      render();
      before?.focus?.();
    },
  };
  render();
}

function openPanel(name) {
  ctx.ui.panel = ctx.ui.panel === name ? null : name;
  startPanel(ctx);
  render();
}

function render() {
  if (planned) return;
  planned = true;
  queueMicrotask(draw);
}

function draw() {
  planned = false;
  if (!ctx.snapshot) return waiting();
  const over = overlays(ctx).filter(Boolean);
  remember(over.length > 0);
  patch(places.page, page());
  patch(places.over, over);
  takeFocus(places.over);
  patch(places.toasts, toasts(ctx));
  document.title = title();
  return read(ctx);
}

function waiting() {
  const why = ctx.online ? 'Connecting to the sandbox …' : 'The sandbox does not answer, or nobody here has that id. Trying again …';
  patch(places.page, h('p', { class: 'starting' }, why));
}

/** The page behind a form cannot be reached; afterwards the focus is where it was. */
function remember(covered) {
  if (covered === places.page.inert) return;
  if (covered) opener = document.activeElement;
  places.page.inert = covered;
  const back = opener;
  if (!covered) setTimeout(() => document.activeElement === document.body && back?.isConnected && back.focus());
}

/** The key in the address has become a cookie; it need not be seen on a shared screen. */
function hideKey() {
  const url = new URL(location.href);
  url.searchParams.delete('key');
  history.replaceState(history.state, '', url);
}

function title() {
  const many = ctx.snapshot.channels.reduce((sum, one) => sum + one.unread, 0);
  return `${many ? `(${many}) ` : ''}${ctx.me.name} – Offerdesk sandbox`;
}

function page() {
  const { ui } = ctx;
  const shows = ui.panel ? 'panel' : ui.thread ? 'thread' : ui.channel ? 'channel' : 'list';
  return h('div', { key: ctx.me.id, class: `app shows-${shows}${ui.thread ? ' has-thread' : ''}${ui.panel ? ' has-panel' : ''}` },
    h('header', { key: 'top', class: 'top' },
      h('span', { class: 'logo', 'aria-hidden': 'true' }, '✓'),
      ctx.online ? h('span', { class: 'title' }, 'Sandbox') : h('span', { class: 'offline', role: 'alert' }, 'Connecting again …'),
      clock(ctx), panelKeys(ctx), actingAs(ctx)),
    sidebar(ctx),
    channelView(ctx),
    ui.thread ? threadView(ctx) : null,
    ui.panel ? panelView(ctx) : null);
}

addEventListener('keydown', (event) => strayKey(places.over, event));
/** A link to a message of this workspace leads there, as it does in Slack. */
document.addEventListener('click', (event) => {
  const found = event.target.closest?.('a[href]')?.href.match(MESSAGE_LINK);
  if (!found) return;
  event.preventDefault();
  const [, channel, seconds, rest] = found;
  if (ctx.snapshot.channels.some((one) => one.id === channel)) go({ channel, thread: { channel, ts: `${seconds}.${rest}` } });
  else say(ctx, 'That message is in a channel that you are not in.', 'trouble');
});
addEventListener('popstate', () => start(new URLSearchParams(location.search).get('as')));
document.addEventListener('visibilitychange', () => ctx.snapshot && render());
setInterval(() => ctx.snapshot && render(), 5000);
hideKey();
start(new URLSearchParams(location.search).get('as'));
