// What has the person seen, and where does the new begin?

import { atHome } from './channel.js';

const lastSeen = new Map();

const inChannel = (one) => !one.only_for_me && (!one.thread_ts || one.broadcast);

/** Remember the first message that is new to the person, while they look at the channel. */
export function markNew(ctx, id) {
  const channel = ctx.snapshot.channels.find((one) => one.id === id);
  const others = (ctx.snapshot.messages[id] ?? []).filter((one) => inChannel(one) && one.user !== ctx.me.id);
  ctx.ui.newFrom[id] = channel?.unread ? others.at(-channel.unread)?.ts : undefined;
}

/** What is before the eyes counts as read. */
export function read(ctx) {
  if (document.hidden) return;
  const { ui, snapshot } = ctx;
  const channel = snapshot.channels.find((one) => one.id === ui.channel);
  if (channel?.unread && !atHome(ctx, channel)) seen(ctx, channel.id, (snapshot.messages[channel.id] ?? []).findLast(inChannel));
  if (ui.thread) readThread(ctx, ui.thread);
}

function readThread(ctx, { channel: id, ts }) {
  const channel = ctx.snapshot.channels.find((one) => one.id === id);
  if (!channel?.unread_threads?.[ts]) return;
  seen(ctx, id, (ctx.snapshot.messages[id] ?? []).findLast((one) => one.thread_ts === ts && !one.only_for_me));
}

function seen(ctx, channel, post) {
  const place = `${ctx.me.id} ${channel} ${post?.thread_ts ?? ''}`;
  if (!post || lastSeen.get(place) === post.ts) return;
  lastSeen.set(place, post.ts);
  ctx.act('read', { channel, ts: post.ts });
}
