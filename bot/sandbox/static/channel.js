// What stands in a channel or direct conversation, and in a thread?

import { blocks } from './blocks.js';
import { composer } from './composer.js';
import { dayLine, sameDay } from './dates.js';
import { h } from './dom.js';
import { post } from './post.js';
import { homeScope } from './scope.js';
import { sign } from './sidebar.js';

const JOINED_WITHIN = 300;
const NEAR_THE_END = 90;

/** Whether this is the app's own place, with a Home tab beside its messages. */
export function isApp(ctx, channel) {
  return ctx.ui.channel === 'home' || (channel?.kind === 'im' && ctx.names.person(channel.with).bot);
}

/** Whether the Home tab is before the eyes, and not the messages. */
export function atHome(ctx, channel) {
  return isApp(ctx, channel) && ctx.snapshot.app.home_tab && (ctx.ui.tab === 'home' || !channel);
}

export function channelView(ctx) {
  const channel = ctx.snapshot.channels.find((one) => one.id === ctx.ui.channel);
  const home = atHome(ctx, channel);
  if (!channel && !home) return h('main', { key: 'nothing', class: 'channel' }, h('p', { class: 'empty' }, 'Choose a channel.'));
  const name = channel ? ctx.names.place(channel) : ctx.snapshot.app.name;
  return h('main', { key: `channel-${ctx.ui.channel}`, class: 'channel', 'aria-label': name },
    heading(channel, name, ctx),
    isApp(ctx, channel) && ctx.snapshot.app.home_tab ? tabs(ctx, home) : null,
    home ? homeTab(ctx) : [list(channel, ctx), composer({ key: `write-${channel.id}`, ctx, channel, label: `Message ${channel.kind === 'im' ? name : `#${name}`}` })]);
}

function heading(channel, name, ctx) {
  const face = channel && channel.kind !== 'im' ? `${sign(channel)} ${name}` : name;
  return h('header', { class: 'bar' }, back(ctx, { channel: null }, 'Back to the channels'), h('h1', null, face));
}

export function back(ctx, where, label) {
  return h('button', { type: 'button', class: 'back', 'aria-label': label, onclick: () => ctx.go(where) }, '‹');
}

function tabs(ctx, home) {
  const tab = (name, label, on) =>
    h('button', { type: 'button', role: 'tab', class: 'tab', 'aria-selected': String(on), onclick: () => ctx.go({ tab: name }) }, label);
  return h('div', { class: 'tabs', role: 'tablist' }, tab('home', 'Home', home), tab('messages', 'Messages', !home));
}

function homeTab(ctx) {
  const view = ctx.snapshot.home;
  const shown = view ? blocks(view.blocks, homeScope(ctx, view)) : h('p', { class: 'empty' }, 'The app has not put anything here yet.');
  return h('div', { key: 'home', class: 'scroll home' }, shown);
}

function list(channel, ctx) {
  const shown = (ctx.snapshot.messages[channel.id] ?? []).filter((one) => isInChannel(one) && (!one.deleted || one.reply_count));
  const empty = h('p', { class: 'empty' }, channel.kind === 'im' ? 'Nothing has been said here yet.' : `This is the very beginning of #${channel.name}.`);
  return h('div', { key: 'list', ...scrolling('log'), 'aria-label': 'Messages' }, h('div', { class: 'spring' }), shown.length ? rows(shown, channel, ctx) : empty);
}

const isInChannel = (one) => !one.thread_ts || one.thread_ts === one.ts || one.broadcast;

/** A list that stays at its end when it was there. */
function scrolling(role) {
  const toEnd = (node) => {
    node.known = node.scrollHeight;
    node.scrollTo({ top: node.scrollHeight });
  };
  const scrolled = (node) => {
    const grew = node.scrollHeight !== node.known;
    if (grew && node.atEnd) return toEnd(node);
    node.known = node.scrollHeight;
    node.atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < NEAR_THE_END;
    return undefined;
  };
  return {
    class: 'scroll', role, tabindex: '0',
    made: (node) => {
      node.atEnd = true;
      node.addEventListener('scroll', () => scrolled(node), { passive: true });
      new ResizeObserver(() => node.atEnd && toEnd(node)).observe(node);
      setTimeout(() => toEnd(node));
    },
    redrawn: (node) => node.atEnd && toEnd(node),
  };
}

function rows(shown, channel, ctx) {
  return shown.flatMap((one, index) => {
    const before = shown[index - 1];
    const fresh = !before || !sameDay(Number(before.ts), Number(one.ts), ctx.me.tz);
    const news = ctx.ui.newFrom?.[channel.id] === one.ts;
    const joined = !fresh && !news && follows(before, one);
    return [
      fresh ? h('div', { key: `day-${one.ts}`, class: 'day-line', role: 'separator' }, h('span', null, dayLine(Number(one.ts), { zone: ctx.me.tz, now: ctx.now() }))) : null,
      news ? h('div', { key: 'new', class: 'new-line', role: 'separator' }, h('span', null, 'New')) : null,
      post(one, channel, ctx, { joined }),
    ];
  });
}

function follows(before, one) {
  const alike = before.user === one.user && Boolean(before.only_for_me) === Boolean(one.only_for_me);
  return alike && !one.broadcast && !before.reply_count && !before.deleted && Number(one.ts) - Number(before.ts) < JOINED_WITHIN;
}

/** The thread pane: the message, then the replies. */
export function threadView(ctx) {
  const { channel: id, ts } = ctx.ui.thread;
  const channel = ctx.snapshot.channels.find((one) => one.id === id);
  const all = ctx.snapshot.messages[id] ?? [];
  const root = all.find((one) => one.ts === ts);
  const replies = all.filter((one) => one.thread_ts === ts && one.ts !== ts && !one.deleted);
  const count = replies.length === 1 ? '1 reply' : `${replies.length} replies`;
  return h('aside', { key: `thread-${ts}`, class: 'thread', 'aria-label': 'Thread' },
    h('header', { class: 'bar' }, back(ctx, { thread: null }, 'Back to the channel'),
      h('h1', null, 'Thread', h('small', null, channel ? ` ${channel.kind === 'im' ? '' : '#'}${ctx.names.place(channel)}` : '')),
      h('button', { type: 'button', class: 'tool close', 'aria-label': 'Close the thread', onclick: () => ctx.go({ thread: null }) }, '✕')),
    h('div', { key: 'list', ...scrolling('log'), 'aria-label': 'Replies' },
      root && channel ? post(root, channel, ctx, { inThread: true }) : h('p', { class: 'empty' }, 'The message is gone.'),
      replies.length ? h('div', { key: 'count', class: 'day-line left' }, h('span', null, count)) : null,
      replies.map((one, index) => post(one, channel, ctx, { inThread: true, joined: index > 0 && follows(replies[index - 1], one) }))),
    channel ? composer({ key: `reply-${ts}`, ctx, channel, thread: ts, label: 'Reply …' }) : null);
}
