// How does one choose from a menu behind a button?
// Items: {text, detail, act, href, danger, current}; arrow keys, Home, End, Enter, Escape, first letters.

import { h, patch, widget } from './dom.js';
import { hide, showAt, whenLeft } from './popup.js';

/** A button that opens a menu: {key, label, face, cls, items, right, disabled}. */
export function menu(props) {
  return widget(makeMenu, props);
}

function makeMenu(first) {
  const node = document.createElement('span');
  node.className = 'menu';
  let props = first;
  let isOpen = false;
  let stop = null;

  const close = (refocus = false) => {
    isOpen = false;
    stop?.();
    hide(node.lastChild);
    draw();
    if (refocus) node.firstChild.focus();
  };
  const stand = () => showAt(node.firstChild, node.lastChild, { right: props.right });
  const open = (last = false) => {
    isOpen = true;
    draw();
    stand();
    stop = whenLeft([node], { close: () => close(), moved: stand });
    const items = itemsIn(node);
    items[last ? items.length - 1 : 0]?.focus();
  };
  const choose = (item) => {
    close(true);
    item.act?.();
  };
  const keys = (event) => onKey(event, { node, isOpen, open, close });
  const draw = () => patch(node, [face(props, { isOpen, open, close }), list(props, isOpen, choose)]);

  node.addEventListener('keydown', keys);
  draw();
  return {
    node,
    update(next) {
      props = next;
      draw();
    },
  };
}

function face(props, { isOpen, open, close }) {
  const attributes = {
    type: 'button',
    class: props.cls ?? 'plain-button',
    'aria-haspopup': 'menu',
    'aria-expanded': String(isOpen),
    'aria-label': props.label,
    title: props.hint,
    disabled: props.disabled,
    onclick: () => (isOpen ? close() : open()),
  };
  return h('button', attributes, props.face ?? props.label);
}

function list(props, isOpen, choose) {
  const items = isOpen ? props.items.map((item) => entry(item, choose)) : [];
  return h('div', { class: 'popup menu-list', role: 'menu', popover: 'manual', 'aria-label': props.label }, items);
}

function entry(item, choose) {
  const inside = [
    item.face ?? null,
    h('span', { class: 'item-text' }, item.text),
    item.detail ? h('span', { class: 'item-detail' }, item.detail) : null,
  ];
  const common = { role: 'menuitem', tabindex: '-1', class: `item${item.danger ? ' danger' : ''}${item.current ? ' current' : ''}` };
  if (item.href) return h('a', { ...common, href: item.href, target: '_blank', onclick: () => choose(item) }, inside);
  return h('button', { ...common, type: 'button', onclick: () => choose(item) }, inside);
}

const itemsIn = (node) => [...node.lastChild.querySelectorAll('[role=menuitem]')];

function onKey(event, { node, isOpen, open, close }) {
  if (!isOpen) {
    if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    event.preventDefault();
    open(event.key === 'ArrowUp');
    return;
  }
  const items = itemsIn(node);
  const at = items.indexOf(document.activeElement);
  const move = (index) => items.at(index % items.length)?.focus();
  const moves = { ArrowDown: () => move(at + 1), ArrowUp: () => move(at < 0 ? -1 : at - 1), Home: () => move(0), End: () => move(-1) };
  if (event.key === 'Escape' || event.key === 'Tab') close(event.key === 'Escape');
  else if (moves[event.key]) moves[event.key]();
  else if (event.key.length === 1 && /\S/.test(event.key)) byLetter(items, at, event.key);
  else return;
  if (event.key !== 'Tab') event.preventDefault();
  event.stopPropagation();
}

function byLetter(items, at, letter) {
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  order.find((item) => item.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()))?.focus();
}
