// What time is it in the little world, and how does it become later?

import { ago, day, time } from './dates.js';
import { h } from './dom.js';
import { post } from './feed.js';
import { menu } from './menu.js';

const STEPS = [['+1 hour', 3600], ['+1 day', 86_400], ['+1 week', 604_800]];
let moving = false;

/** The time of the world, for the reader; behind it what moves it forward. Null where all go by the machine's clock. */
export function clock(ctx) {
  const { clock: known } = ctx.snapshot;
  if (!known) return null;
  const now = written(ctx, ctx.now());
  return menu({
    key: 'clock',
    label: `It is ${now}. Move the clock forward`,
    hint: `${ahead(known.ahead)}Move the clock forward`,
    cls: `clock${known.ahead ? ' moved' : ''}`,
    face: [h('span', { class: 'dial', 'aria-hidden': 'true' }, moving ? h('span', { class: 'spinner' }) : '🕑'), now],
    items: [...STEPS.map(([text, by]) => ({ text, act: () => move(ctx, { by }) })), next(ctx, known.next)].filter(Boolean),
  });
}

function ahead(seconds) {
  return seconds < 60 ? '' : `${ago(seconds).replace(' ago', '')} ahead of this machine. `;
}

function next(ctx, due) {
  if (!due) return null;
  return { text: 'To what is due next', detail: `${written(ctx, due.at)}: ${due.what}`, act: () => move(ctx, {}) };
}

async function move(ctx, how) {
  if (moving) return;
  moving = true;
  ctx.render();
  const answer = await post('/clock', how);
  moving = false;
  ctx.told(answer);
}

const written = (ctx, epoch) => `${day(epoch, ctx.me.tz)}, ${time(epoch, ctx.me.tz)}`;
