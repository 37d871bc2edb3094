// How does each element of a block look, and what happens when it is used?

import { choices, day } from './choices.js';
import { keyOf, h } from './dom.js';
import { fileField } from './files.js';
import { TYPED, textField } from './inputs.js';
import { menu } from './menu.js';
import { textNodes } from './mrkdwn.js';
import { MENUS, chosenIn, inGroups, offered, stateOf } from './options.js';
import { unknown } from './richtext.js';
import { select } from './select.js';

const LEAST_LETTERS = 3;

/** Draw the element that stands in this block. `about` are ids for its label, hint and error. */
export function element(one, block, scope, about = {}) {
  const key = keyOf(block.block_id, one.action_id, one.type);
  const state = scope.state(block, one);
  const use = { key, name: keyOf(scope.id, key), element: one, state, ctx: scope.ctx, ...about };
  if (one.type === 'button') return button(one, block, scope, key);
  if (one.type === 'overflow') return overflow(one, block, scope, key);
  if (one.type === 'image') return picture(one, 'thumb');
  if (MENUS.has(one.type)) return selectMenu(one, block, scope, use);
  if (one.type === 'checkboxes' || one.type === 'radio_buttons') {
    return choices({ ...use, choose: (chosen) => scope.choose(block, one, chosen) });
  }
  if (one.type === 'datepicker') return day({ ...use, label: about.label ?? one.placeholder?.text, choose: (chosen) => scope.choose(block, one, chosen) });
  if (TYPED.has(one.type)) return typed(one, block, scope, use);
  if (one.type === 'file_input' && scope.upload) return file(one, block, scope, use);
  return unknown(one.type);
}

function typed(one, block, scope, use) {
  const state = (value) => ({ type: one.type, value: value || null });
  const enters = actsOn('on_enter_pressed', one, block);
  const latest = (id) => document.getElementById(id)?.value ?? '';
  return textField({
    ...use,
    submit: scope.submit,
    typed: (value) => scope.type(block, one, state(value), { dispatch: actsOn('on_character_entered', one, block) }),
    entered: () => (enters ? scope.type(block, one, state(latest(use.id)), { dispatch: true }) : scope.submit?.()),
  });
}

/** Whether the app is told at this moment; unless it says when, it is told at Enter. */
function actsOn(moment, one, block) {
  const moments = one.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  return Boolean(block.dispatch_action) && moments.includes(moment);
}

function file(one, block, scope, use) {
  return fileField({
    ...use,
    upload: (name, content) => scope.upload(block, one, { name, content_base64: content }),
    change: (files) => scope.choose(block, one, { type: one.type, files }),
  });
}

function selectMenu(one, block, scope, use) {
  const external = one.type === 'external_select';
  const ask = async (text) => {
    const told = await scope.suggest(block, one, text);
    return told.ok ? { options: inGroups(told) } : { error: told.error };
  };
  return select({
    ...use,
    chosen: chosenIn(one, use.state, scope.ctx),
    options: offered(one, scope.ctx),
    ask: external ? ask : null,
    least: one.min_query_length ?? LEAST_LETTERS,
    placeholder: one.placeholder?.text,
    label: use.label ?? one.placeholder?.text ?? 'Select an option',
    optional: block.type === 'input' && block.optional,
    focus: one.focus_on_load || undefined,
    choose: (option) => scope.choose(block, one, stateOf(one, option)),
  });
}

function button(one, block, scope, key) {
  if (one.visible_to_user_ids && !one.visible_to_user_ids.includes(scope.ctx.me.id)) return null;
  const waits = scope.ctx.isPressed(key, scope.where);
  const press = () => {
    if (one.url) window.open(one.url, '_blank', 'noopener');
    scope.press(block, one, key);
  };
  return h('button', {
    key, type: 'button', class: `button ${one.style ?? ''}`, disabled: waits, 'aria-label': one.accessibility_label,
    'aria-busy': waits ? 'true' : undefined, onclick: press,
  }, textNodes(one.text, scope.ctx));
}

function overflow(one, block, scope, key) {
  const items = one.options.map((option) => ({
    text: option.text.text,
    detail: option.description?.text,
    href: /^https?:/.test(option.url ?? '') ? option.url : undefined,
    act: () => scope.choose(block, one, { type: one.type, selected_option: option }),
  }));
  return menu({ key, label: 'More', face: '⋯', cls: 'button square', items, right: true });
}

/** A picture of the sandbox's own; one from elsewhere is named, because this page asks nobody else for anything. */
export function picture(one, cls) {
  const own = one.image_url?.startsWith(`${location.origin}/`) || one.image_url?.startsWith('data:image/');
  if (own) return h('img', { class: cls, src: one.image_url, alt: one.alt_text });
  return h('span', { class: `${cls} elsewhere`, role: 'img', 'aria-label': one.alt_text, title: one.image_url }, `Picture: ${one.alt_text}`);
}
