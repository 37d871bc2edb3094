// How does each block look?  docs.slack.dev/reference/block-kit/blocks

import { h } from './dom.js';
import { element, picture } from './elements.js';
import { textNodes } from './mrkdwn.js';
import { richText, unknown } from './richtext.js';
import { table } from './table.js';

const DRAWN = { section, header, context, actions, divider, image, input, rich_text: rich, table: (block, scope) => table(block, scope.ctx) };

/** Draw blocks one below the other; whatever cannot be drawn says so. */
export function blocks(shown, scope) {
  return shown.map((block, index) => {
    const draw = DRAWN[block.type];
    const key = `${block.type}:${block.block_id ?? index}`;
    return h('div', { key, class: `block ${draw ? block.type : 'strange'}` }, draw ? draw(block, scope) : unknown(block.type));
  });
}

function section(block, scope) {
  const { ctx } = scope;
  return [
    h('div', { class: 'main' },
      block.text ? h('div', { class: 'text' }, textNodes(block.text, ctx)) : null,
      block.fields ? h('div', { class: 'fields' }, block.fields.map((field) => h('div', { class: 'text' }, textNodes(field, ctx)))) : null),
    block.accessory ? h('div', { class: 'accessory' }, element(block.accessory, block, scope)) : null,
  ];
}

function header(block, { ctx }) {
  return h('h3', null, textNodes(block.text, ctx));
}

function context(block, { ctx }) {
  return block.elements.map((one) =>
    one.type === 'image' ? picture(one, 'icon') : h('span', { class: 'text' }, textNodes(one, ctx)),
  );
}

function actions(block, scope) {
  return block.elements.map((one) => element(one, block, scope));
}

function divider() {
  return h('hr');
}

function image(block, { ctx }) {
  return h('figure', null, block.title ? h('figcaption', null, textNodes(block.title, ctx)) : null, picture(block, 'full'));
}

function rich(block, { ctx }) {
  return richText(block, ctx);
}

function input(block, scope) {
  const base = `${scope.id}-${block.block_id}`;
  const error = scope.errors?.[block.block_id];
  const ids = { label: `${base}-label`, hint: `${base}-hint`, error: `${base}-error` };
  const about = {
    id: `${base}-field`,
    label: block.label.text,
    labelledby: ids.label,
    describedby: [block.hint ? ids.hint : '', error ? ids.error : ''].filter(Boolean).join(' ') || undefined,
    invalid: Boolean(error),
    required: !block.optional,
  };
  const mark = block.optional
    ? h('span', { class: 'optional' }, ' (optional)')
    : h('span', { class: 'required', 'aria-hidden': 'true' }, ' *');
  return [
    h('label', { id: ids.label, for: about.id }, textNodes(block.label, scope.ctx), mark),
    element(block.element, block, scope, about),
    error ? h('p', { key: 'error', class: 'error', id: ids.error, role: 'alert' }, error) : null,
    block.hint ? h('p', { key: 'hint', class: 'hint', id: ids.hint }, textNodes(block.hint, scope.ctx)) : null,
  ];
}
