// What do the local providers hold, and what can their owners do there?

import { time } from './dates.js';
import { h } from './dom.js';
import { menu } from './menu.js';

const view = { of: '', tab: 'contacts', words: '' };
const SHOWN = 150;

export function provider({ providers }, ctx, change) {
  const data = providers.find((one) => one.name === view.of) ?? providers[0];
  const set = (what) => {
    Object.assign(view, what);
    ctx.render();
  };
  const act = (what) => change('/panel/provider', { of: data.name, ...what });
  if (!data[view.tab]) view.tab = 'contacts';
  const drawn = { contacts, offers, calls, mails }[view.tab](data, ctx, act);
  const tab = (name, on, to, ...words) =>
    h('button', { key: name, type: 'button', role: 'tab', class: 'tab', 'aria-selected': String(on), onclick: () => set(to) }, ...words);
  return [
    providers.length > 1 && h('div', { key: 'of', class: 'tabs', role: 'tablist', 'aria-label': 'Provider' },
      providers.map(({ name, title }) => tab(name, name === data.name, { of: name }, title))),
    h('div', { key: 'tabs', class: 'tabs', role: 'tablist', 'aria-label': data.title }, data.tabs.map(([name, title]) =>
      tab(name, view.tab === name, { tab: name }, title, h('small', null, ` ${data[name].length}`)))),
    h('input', { key: 'filter', class: 'filter', type: 'search', placeholder: `Find in ${view.tab}`, 'aria-label': 'Find', oninput: (event) => set({ words: event.target.value }) }),
    h('div', { key: `${data.name}-${view.tab}` }, drawn),
  ];
}

const fits = (...texts) => texts.join(' ').toLowerCase().includes(view.words.toLowerCase());

function contacts(data, _, act) {
  const found = data.contacts.filter((one) => fits(one.name, one.email, ...one.holds.map((hold) => hold.title)));
  return [adder(data, act), h('ul', { key: 'list', class: 'records' }, found.slice(0, SHOWN).map((one) => contact(one, data, act)))];
}

function contact(one, data, act) {
  const held = new Set(one.holds.map((hold) => hold.offer_id));
  const items = data.offers.filter((offer) => !held.has(offer.id) && !offer.archived && !offer.for_all).map((offer) => ({
    text: offer.title,
    detail: price(offer),
    act: () => act({ do: 'grant', contact_id: one.id, offer_id: offer.id }),
  }));
  const chip = (hold) =>
    h('span', { key: `${hold.offer_id}${hold.how}`, class: 'chip', title: hold.how }, hold.title, h('small', null, hold.how),
      h('button', { type: 'button', class: 'clear', 'aria-label': `Take ${hold.title} from ${one.name}`, onclick: () => act({ do: 'revoke', contact_id: one.id, offer_id: hold.offer_id }) }, '✕'));
  return h('li', { key: one.id },
    h('div', { class: 'row' }, h('b', null, one.name || '–'), h('small', { class: 'grow' }, one.email),
      menu({ key: 'give', label: `Give an offer to ${one.name}`, face: '+', cls: 'tool', items, right: true })),
    h('div', { class: 'chips' }, one.holds.length ? one.holds.map(chip) : h('small', null, 'holds nothing')));
}

function adder(data, act) {
  const add = (event) => {
    event.preventDefault();
    const { name, email } = event.target.elements;
    act({ do: 'add_contact', name: name.value, email: email.value });
    event.target.reset();
  };
  return h('form', { key: 'add', class: 'row add', onsubmit: add },
    h('input', { name: 'name', placeholder: 'Name', 'aria-label': 'Name' }),
    h('input', { name: 'email', type: data.addresses, required: true, placeholder: 'Address', 'aria-label': 'Address' }),
    h('button', { class: 'button' }, 'Add'));
}

const price = (offer) => (offer.price === null ? '' : offer.price ? `${offer.price.toFixed(2)} ${offer.currency}${offer.recurring ? ', recurring' : ''}` : 'free');

function offers(data, _, act) {
  const save = (offer) => (event) => {
    event.preventDefault();
    act({ do: 'price', offer_id: offer.id, price_in_cents: Math.round(Number(event.target.elements.price.value) * 100) });
  };
  const [end, begin] = data.ends;
  const priced = (offer) => [
    h('input', { key: 'price', name: 'price', type: 'number', min: '0', step: '0.01', value: offer.price, 'aria-label': `Price of ${offer.title}` }),
    h('button', { key: 'set', class: 'button' }, 'Set price'),
  ];
  const row = (offer) =>
    h('li', { key: offer.id, class: offer.archived ? 'archived' : '' },
      h('div', null, h('b', null, offer.title), h('small', null, ` ${[price(offer), offer.internal_title, offer.id, offer.archived && `${end.toLowerCase()}d`].filter(Boolean).join(' · ')}`)),
      h('form', { class: 'row', onsubmit: save(offer) },
        offer.price === null ? [] : priced(offer),
        h('button', { key: 'end', type: 'button', class: 'button', onclick: () => act({ do: offer.archived ? 'restore' : 'archive', offer_id: offer.id }) }, offer.archived ? begin : end)));
  return h('ul', { class: 'records' }, data.offers.filter((one) => fits(one.title, one.internal_title, one.id)).map(row));
}

function calls(data, ctx) {
  const row = (call) =>
    h('li', { key: call.n, class: call.status >= 400 || call.trouble ? 'bad' : '' },
      h('div', { class: 'row' }, h('code', null, call.method), h('span', { class: 'grow path' }, call.path), h('b', null, call.status ?? '–')),
      h('small', null, [time(call.at, ctx.me.tz), call.ms === null ? 'no answer' : `${call.ms} ms`, call.trouble && `trouble: ${call.trouble}`].filter(Boolean).join(' · ')));
  const found = data.calls.filter((one) => fits(one.method, one.path, one.status, one.trouble ?? ''));
  return h('ul', { class: 'records' }, found.slice(-SHOWN).reverse().map(row));
}

function mails(data, ctx) {
  const row = (mail, index) => h('li', { key: index }, h('b', null, mail.to), h('small', null, ` ${mail.offer ?? ''} · ${time(mail.at, ctx.me.tz)}`));
  const found = data.mails.filter((one) => fits(one.to, one.offer ?? ''));
  if (!found.length) return h('p', { class: 'note' }, data.mails.length ? 'No mail has these words.' : 'No mail was sent.');
  return h('ul', { class: 'records' }, found.map(row));
}
