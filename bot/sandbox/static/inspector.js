// What went to the app and what came from it, how long did it take, and what exactly was said?

import { formatted } from './dates.js';
import { h } from './dom.js';

const SLOW = 3000;
const view = { words: '', open: new Set() };

export function inspector(data, ctx) {
  const found = data.entries.filter((one) => `${one.kind} ${one.person} ${one.summary}`.toLowerCase().includes(view.words.toLowerCase()));
  const filter = (event) => {
    view.words = event.target.value;
    ctx.render();
  };
  return [
    h('input', { key: 'filter', class: 'filter', type: 'search', placeholder: 'Find by kind, person or words', 'aria-label': 'Find', oninput: filter }),
    h('ul', { key: 'list', class: 'records' }, found.toReversed().map((one) => entry(one, ctx))),
    data.entries.length ? null : h('p', { key: 'none', class: 'empty' }, 'Nothing has been said yet.'),
  ];
}

function entry(one, ctx) {
  const open = view.open.has(one.n);
  const flip = () => {
    if (open) view.open.delete(one.n);
    else view.open.add(one.n);
    ctx.render();
  };
  const way = one.way === 'in' ? { sign: '→', words: 'to the app' } : { sign: '←', words: 'from the app' };
  const at = formatted(one.at, '{time_secs}', { zone: ctx.me.tz, now: ctx.now() });
  return h('li', { key: one.n, class: one.ok ? '' : 'bad' },
    h('button', { type: 'button', class: 'entry', 'aria-expanded': String(open), onclick: flip },
      h('span', { class: `way ${one.way}`, title: way.words, 'aria-label': way.words }, way.sign),
      h('span', { class: 'grow' }, h('code', null, one.kind), h('span', { class: 'about-it' }, one.summary)),
      h('span', { class: one.ms > SLOW ? 'ms slow' : 'ms' }, `${Math.round(one.ms)} ms`)),
    h('small', null, [at, one.person, one.trouble && `trouble: ${one.trouble}`, one.attempt ? `attempt ${one.attempt + 1}` : ''].filter(Boolean).join(' · ')),
    open ? [h('h3', null, one.way === 'in' ? 'Payload' : 'Call'), json(one.payload), h('h3', null, one.way === 'in' ? 'Acknowledged with' : 'Answer'), json(one.answer)] : null);
}

function json(value) {
  return h('pre', { class: 'code', tabindex: '0' }, JSON.stringify(value, null, 2) ?? 'nothing');
}
