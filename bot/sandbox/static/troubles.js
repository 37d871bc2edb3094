// What may go wrong, and how does one bring it about?

import { h } from './dom.js';

const TIMES = [['', 'until switched off'], ['1', 'once'], ['2', 'twice'], ['5', 'five times']];
const SYSTEMS = { kajabi: 'Kajabi', capillary: 'Capillary', slack: 'Slack' };
const chosen = { times: '' };

export function troubles(data, ctx, change) {
  const systems = Object.entries(SYSTEMS).filter(([name]) => data[name]);
  return [bot(data.bot, change), howOften(ctx), ...systems.map(([name, title]) => system(name, title, data, change))];
}

function bot(now, change) {
  const act = (what, label, cls = '') =>
    h('button', { type: 'button', class: `button ${cls}`, onclick: () => change('/panel/bot', { do: what }) }, label);
  return h('section', { key: 'bot', class: 'card' },
    h('h2', null, 'The bot'),
    h('p', null, h('span', { class: `light ${now.running ? 'on' : 'off'}` }), now.running ? `Running, process ${now.pid}` : 'Not running'),
    h('div', { class: 'row' }, now.running ? [act('stop', 'Stop (SIGTERM)'), act('kill', 'Kill (SIGKILL)', 'danger')] : act('start', 'Start', 'primary')));
}

function howOften(ctx) {
  const choose = (event) => {
    chosen.times = event.target.value;
    ctx.render();
  };
  return h('label', { key: 'times', class: 'how-often' }, 'A trouble happens ',
    h('select', { onchange: choose }, TIMES.map(([value, words]) => h('option', { value, selected: chosen.times === value }, words))));
}

function system(name, title, data, change) {
  const flip = (one) => {
    const times = chosen.times && !one.on ? { times: Number(chosen.times) } : {};
    return change('/panel/troubles', { system: name, name: one.name, on: !one.on, ...times });
  };
  return h('section', { key: name, class: 'card' }, h('h2', null, title), h('ul', { class: 'switches' }, data[name].map((one) => toggle(one, () => flip(one)))));
}

function toggle(one, flip) {
  return h('li', { key: one.name }, h('label', { class: 'switch' },
    h('input', { type: 'checkbox', role: 'switch', checked: one.on, onchange: flip }),
    h('span', { class: 'knob', 'aria-hidden': 'true' }),
    h('span', null, h('b', null, one.name.replaceAll('_', ' ')), h('small', null, one.describes))));
}
