// What is seen of the world behind: what goes wrong, by which rules, what the provider holds, what is said in and out?

import { h } from './dom.js';
import { get, post } from './feed.js';
import { inspector } from './inspector.js';
import { policy } from './policy.js';
import { provider } from './provider.js';
import { troubles } from './troubles.js';

const PANELS = {
  troubles: { title: 'Troubles', draw: troubles, path: () => '/panel/troubles' },
  policy: { title: 'Policy', draw: policy, path: () => '/panel/policy' },
  provider: { title: 'Provider', draw: provider, path: () => '/panel/provider' },
  inspector: { title: 'Inspector', draw: inspector, path: (seen) => `/panel/inspector?after=${seen?.entries.at(-1)?.n ?? 0}` },
};
const EVERY = 1000;
const KEPT = 400;

const known = {};
let timer = null;
let watcher = null;
let asking = false;

/** The buttons that open a panel each. */
export function panelKeys(ctx) {
  return h('div', { class: 'panel-keys', role: 'group', 'aria-label': 'Panels' },
    Object.entries(PANELS).map(([name, { title }]) =>
      h('button', {
        key: name, type: 'button', class: 'panel-key', 'aria-pressed': String(ctx.ui.panel === name), onclick: () => ctx.openPanel(name),
      }, title)));
}

export function panelView(ctx) {
  const { panel } = ctx.ui;
  const { title, draw } = PANELS[panel];
  const data = known[panel];
  return h('aside', { key: `panel-${panel}`, class: `panel ${panel}`, 'aria-label': title },
    h('header', { class: 'bar' }, h('h1', null, title),
      h('button', { type: 'button', class: 'tool close', 'aria-label': `Close ${title}`, onclick: () => ctx.openPanel(panel) }, '✕')),
    h('div', { key: 'body', class: 'scroll' }, data ? (data.error ? h('p', { class: 'empty' }, data.error) : draw(data, ctx, change(ctx))) : h('p', { class: 'empty' }, 'Looking …')));
}

/** Do something through a panel, and look again. */
function change(ctx) {
  return async (path, what) => {
    ctx.told(await post(path, what));
    await look();
  };
}

/** Keep what is open up to date, for as long as it is open. */
export function startPanel(ctx) {
  watcher = ctx;
  clearInterval(timer);
  if (!ctx.ui.panel) return;
  timer = setInterval(look, EVERY);
  look();
}

export function toldOfPanel(name) {
  if (watcher?.ui.panel === name) look();
}

async function look() {
  const name = watcher?.ui.panel;
  if (!name || asking) return;
  asking = true;
  const told = await get(PANELS[name].path(known[name]));
  asking = false;
  if (name === 'inspector' && told.entries) told.entries = [...(known[name]?.entries ?? []), ...told.entries].slice(-KEPT);
  known[name] = told.ok || !known[name] ? told : { ...known[name], error: told.error };
  watcher.render();
}
