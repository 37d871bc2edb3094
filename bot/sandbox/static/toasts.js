// What does Slack itself have to say, beside what the app says?

import { h } from './dom.js';

const STAYS = 12_000;
const MOST = 4;
let shown = [];
let count = 0;
let heard = 0;

/** Tell a sentence for a while. */
export function say(ctx, text, kind = 'notice') {
  if (shown.some((one) => one.text === text)) return;
  const one = { id: (count += 1), text, kind };
  shown = [...shown, one].slice(-MOST);
  setTimeout(() => drop(ctx, one), STAYS);
  ctx.render();
}

function drop(ctx, one) {
  shown = shown.filter((other) => other !== one);
  ctx.render();
}

/** Tell what has come to the person's notices since; what was there before they came is past. */
export function news(ctx, notices, first) {
  if (first || notices.length < heard) heard = notices.length;
  const inSight = (text) => Object.values(ctx.snapshot.messages).some((posts) => posts.slice(-20).some((one) => one.only_for_me && one.text === text));
  for (const text of notices.slice(heard)) if (!inSight(text)) say(ctx, text);
  heard = notices.length;
}

export function toasts(ctx) {
  return shown.map((one) =>
    h('div', { key: `toast-${one.id}`, class: `toast ${one.kind}` },
      h('span', null, h('b', null, one.kind === 'notice' ? 'Slack: ' : ''), one.text),
      h('button', { type: 'button', class: 'tool', 'aria-label': 'Dismiss', onclick: () => drop(ctx, one) }, '✕')));
}
