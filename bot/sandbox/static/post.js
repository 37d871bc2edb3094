// How does one message look, and what can be done with it?

import { blocks } from './blocks.js';
import { day, formatted, sameDay, time } from './dates.js';
import { h } from './dom.js';
import { menu } from './menu.js';
import { mrkdwn } from './mrkdwn.js';
import { avatar } from './people.js';
import { messageScope } from './scope.js';

/** `joined`: it follows a message of the same person; `inThread`: it stands in the thread pane. */
export function post(one, channel, ctx, { joined = false, inThread = false } = {}) {
  const author = ctx.names.person(one.user);
  const cls = `post${joined ? ' joined' : ''}${one.only_for_me ? ' private' : ''}`;
  return h('article', { key: `${inThread ? 't' : 'c'}${one.ts}`, class: cls, 'data-ts': one.ts, 'aria-label': `${author.name}, ${time(Number(one.ts), ctx.me.tz)}` },
    joined ? h('span', { class: 'gutter' }, stamp(one, ctx)) : avatar(author),
    h('div', { class: 'said' },
      one.only_for_me ? h('div', { class: 'only-you' }, 'Only visible to you') : null,
      joined ? null : head(one, author, ctx, inThread),
      told(one, channel, ctx, inThread),
      content(one, { channel, pane: inThread ? 't' : 'c', ctx }),
      inThread ? null : replies(one, channel, ctx)),
    tools(one, channel, ctx, inThread));
}

function head(one, author, ctx, inThread) {
  return h('header', null,
    h('b', null, author.name),
    author.bot ? h('span', { class: 'app-badge' }, 'APP') : null,
    stamp(one, ctx, inThread));
}

/** In a thread no line between the messages says the day. */
function stamp(one, ctx, withDay = false) {
  const epoch = Number(one.ts);
  const { tz } = ctx.me;
  const before = withDay && !sameDay(epoch, ctx.now(), tz) ? `${day(epoch, tz)}, ` : '';
  const full = formatted(epoch, '{date_long} at {time_secs}', { zone: ctx.me.tz, now: ctx.now() });
  return h('time', { class: 'stamp', datetime: new Date(epoch * 1000).toISOString(), title: full }, before + time(epoch, tz));
}

function told(one, channel, ctx, inThread) {
  if (!one.broadcast) return null;
  if (inThread) return h('div', { class: 'about' }, 'Also sent to the channel');
  const root = ctx.snapshot.messages[channel.id]?.find((other) => other.ts === one.thread_ts);
  const open = () => ctx.go({ thread: { channel: channel.id, ts: one.thread_ts } });
  return h('div', { class: 'about' }, 'replied to a thread: ',
    h('button', { type: 'button', class: 'link', onclick: open }, root ? summary(root, ctx) : 'open it'));
}

/** The beginning of a message, in a line. */
export function summary(one, ctx) {
  const heading = one.blocks?.find((block) => block.type === 'header')?.text.text;
  if (heading) return heading;
  const words = wordsOf(one.text, ctx);
  return words.length > 80 ? `${words.slice(0, 79)}…` : words;
}

/** A text without its marks, as it would be typed. */
function wordsOf(text, ctx) {
  const words = (nodes) => nodes.map((node) => (typeof node === 'object' ? words(node.children) : node)).join('');
  return words(mrkdwn(text, ctx)).replace(/\s+/g, ' ');
}

function content(one, { channel, pane, ctx }) {
  const scope = messageScope(ctx, one, { channel: channel.id, pane });
  if (one.deleted) return h('p', { class: 'gone' }, 'This message was deleted.');
  if (ctx.ui.editing === one.ts) return editor(one, channel, ctx);
  const shown = one.blocks?.length
    ? blocks(one.blocks, scope)
    : h('div', { class: 'text' }, mrkdwn(one.text, ctx));
  return h('div', { class: 'content' }, shown,
    (one.attachments ?? []).map((part) => attachment(part, scope)),
    (one.files ?? []).map(attached),
    one.edited ? h('small', { class: 'edited' }, '(edited)') : null);
}

/** A file, and the link that saves it. */
function attached(file) {
  const size = file.size < 1000 ? `${file.size} bytes` : `${Math.round(file.size / 1000)} kB`;
  return h('p', { class: 'file' }, h('a', { href: `/shared/${encodeURIComponent(file.id)}`, download: file.name }, file.title), ' ', h('small', null, size));
}

function attachment(part, scope) {
  const words = [part.pretext, part.title, part.text].filter(Boolean);
  const inside = part.blocks ? blocks(part.blocks, scope) : words.map((word) => h('p', null, mrkdwn(word, scope.ctx)));
  return h('div', { class: 'attachment' }, inside);
}

function editor(one, channel, ctx) {
  const done = () => {
    ctx.ui.editing = null;
    ctx.render();
  };
  const save = async (event) => {
    event.preventDefault();
    ctx.told(await ctx.act('edit', { channel: channel.id, ts: one.ts, text: event.target.elements.text.value }));
    done();
  };
  return h('form', { key: 'editor', class: 'editor', onsubmit: save, onkeydown: (event) => event.key === 'Escape' && done() },
    h('input', { name: 'text', value: wordsOf(one.text, ctx), 'aria-label': 'Edit the message', made: (node) => setTimeout(() => node.focus()) }),
    h('button', { type: 'button', class: 'button', onclick: done }, 'Cancel'),
    h('button', { class: 'button primary' }, 'Save'));
}

function replies(one, channel, ctx) {
  if (!one.reply_count) return null;
  const news = channel.unread_threads?.[one.ts] ?? 0;
  const latest = one.latest_reply ? formatted(Number(one.latest_reply), '{ago}', { zone: ctx.me.tz, now: ctx.now() }) : '';
  const many = `${one.reply_count} ${one.reply_count > 1 ? 'replies' : 'reply'}`;
  const open = () => ctx.go({ thread: { channel: channel.id, ts: one.ts } });
  return h('button', { type: 'button', class: `replies${news ? ' news' : ''}`, onclick: open },
    h('b', null, many), news ? h('span', { class: 'badge', 'aria-label': `${news} new` }, news) : null, h('small', null, latest === 'now' ? 'just now' : `last ${latest}`));
}

function tools(one, channel, ctx, inThread) {
  if (one.deleted) return null;
  const items = one.only_for_me ? [] : [...shortcuts(one, channel, ctx), ...own(one, channel, ctx)];
  const root = one.thread_ts ?? one.ts;
  const reply = () => ctx.go({ thread: { channel: channel.id, ts: root }, write: true });
  return h('div', { class: 'tools' },
    inThread || one.only_for_me ? null : h('button', { type: 'button', class: 'tool', 'aria-label': 'Reply in thread', title: 'Reply in thread', onclick: reply }, '↳'),
    items.length ? menu({ key: 'more', label: 'More actions', hint: 'More actions', face: '⋮', cls: 'tool', items, right: true }) : null);
}

function shortcuts(one, channel, ctx) {
  const known = ctx.snapshot.app.shortcuts.filter((shortcut) => shortcut.type === 'message');
  return known.map((shortcut) => ({
    text: shortcut.name,
    detail: ctx.snapshot.app.name,
    act: async () => ctx.told(await ctx.act('message_shortcut', { callback_id: shortcut.callback_id, channel: channel.id, ts: one.ts })),
  }));
}

function own(one, channel, ctx) {
  if (one.user !== ctx.me.id) return [];
  const edit = () => {
    ctx.ui.editing = one.ts;
    ctx.render();
  };
  const remove = async () => ctx.told(await ctx.act('delete', { channel: channel.id, ts: one.ts }));
  return [{ text: 'Edit message', act: edit }, { text: 'Delete message', act: remove, danger: true }];
}
