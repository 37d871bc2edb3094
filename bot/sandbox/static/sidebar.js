// Where can one go? Channels, people, the app.

import { h } from './dom.js';
import { avatar } from './people.js';

const STEPS = [
  'As Ada, type /offer grant in #support. Customers are under Provider.',
  'Become Grace (at the top right), open the thread, approve.',
  'Under Troubles switch on Forget. Ask and approve again: soon it says Unknown.',
  'Switch Forget off. Settle it as not done, then Retry.',
  'Ask for more, and move the clock at the top forward.',
];

export function sidebar(ctx) {
  const { channels } = ctx.snapshot;
  const mine = (test) => channels.filter((one) => !one.archived && test(one));
  const app = (one) => one.kind === 'im' && ctx.names.person(one.with).bot;
  return h('nav', { key: 'sidebar', class: 'sidebar', 'aria-label': 'Channels and direct messages' },
    h('div', { class: 'workspace' }, h('b', null, 'Offerdesk sandbox'), h('small', null, 'everything here is local')),
    group('Channels', mine((one) => one.kind !== 'im').map((one) => entry(one, ctx))),
    group('Direct messages', mine((one) => one.kind === 'im' && !app(one)).map((one) => entry(one, ctx))),
    group('Apps', apps(mine(app), ctx)),
    h('section', { key: 'try', class: 'try' }, h('h2', null, 'In one minute'), h('ol', null, STEPS.map((step) => h('li', null, step)))));
}

function group(title, entries) {
  if (!entries.length) return null;
  return h('section', { key: title }, h('h2', null, title), h('ul', null, entries));
}

function apps(found, ctx) {
  if (found.length || !ctx.snapshot.app.home_tab) return found.map((one) => entry(one, ctx));
  const open = () => ctx.go({ channel: 'home' });
  return [h('li', { key: 'home' }, place({ face: '✓', name: ctx.snapshot.app.name, open, current: ctx.ui.channel === 'home' }))];
}

function entry(channel, ctx) {
  const name = ctx.names.place(channel);
  const face = channel.kind === 'im' ? avatar(ctx.names.person(channel.with ?? ctx.me.id), 'tiny') : sign(channel);
  const open = () => ctx.go({ channel: channel.id });
  return h('li', { key: channel.id }, place({ face, name, open, current: ctx.ui.channel === channel.id, unread: channel.unread }));
}

export function sign(channel) {
  return channel.kind === 'private' ? '🔒' : '#';
}

function place({ face, name, open, current, unread = 0 }) {
  return h('button', {
    type: 'button', class: `place${unread ? ' unread' : ''}${current ? ' current' : ''}`,
    'aria-current': current ? 'page' : undefined, onclick: open,
  }, h('span', { class: 'sign' }, face), h('span', { class: 'name' }, name),
  unread ? h('span', { class: 'badge', 'aria-label': `${unread} unread` }, unread) : null);
}
