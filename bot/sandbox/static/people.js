// Who is at the keyboard, and who could be?

import { h } from './dom.js';
import { menu } from './menu.js';
import { hue } from './names.js';

/** A person's square with the first letter. */
export function avatar(person, size = '') {
  const letter = [...(person.name || '?')][0].toUpperCase();
  const cls = `avatar ${size} ${person.bot ? 'robot' : `hue-${hue(person.id)}`}`;
  return h('span', { class: cls, 'aria-hidden': 'true' }, person.bot ? '✓' : letter);
}

/** The address of this page with somebody else at the keyboard. */
export function addressAs(id) {
  const url = new URL(location.href);
  url.searchParams.set('as', id);
  return url.href;
}

/** The switch: act as somebody else, here or in a window of their own. */
export function actingAs(ctx) {
  const { me } = ctx;
  const people = ctx.snapshot.people.filter((one) => !one.bot && !one.deleted);
  const others = people.map((one) => ({
    face: avatar(one, 'small'),
    text: one.name,
    detail: one.role || one.real_name,
    current: one.id === me.id,
    act: () => one.id !== me.id && ctx.become(one.id),
  }));
  const windows = people
    .filter((one) => one.id !== me.id)
    .map((one) => ({ text: `${one.name} in a new window ↗`, href: addressAs(one.id) }));
  const mine = ctx.names.person(me.id);
  const face = [avatar(mine, 'small'), h('span', { class: 'who' }, h('small', null, 'Acting as'), h('b', null, me.name))];
  return menu({ key: 'acting-as', label: `Acting as ${me.name}. Change`, face, cls: 'acting-as', items: [...others, ...windows], right: true });
}
