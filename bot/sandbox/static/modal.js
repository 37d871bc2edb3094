// What stands over the page: the form on top of the person's stack, and questions before something is done?

import { blocks } from './blocks.js';
import { h } from './dom.js';
import { arrived, enter } from './form.js';
import { textNodes } from './mrkdwn.js';
import { offered, stateOf } from './options.js';
import { viewScope } from './scope.js';

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), textarea:not(:disabled), a[href], [tabindex="0"]';
/** A field that is disabled loses the focus only when the browser next paints. */
const ONCE_DISABLED = 20;
/** Dialogs that have not had the focus yet. */
const arrivals = [];

/** Everything that stands over the page, the lowest first. */
export function overlays(ctx) {
  const views = ctx.snapshot.views;
  const top = views[views.length - 1];
  return [
    top ? frame(form(top, views.length > 1, ctx), { key: `view-${top.id}`, escape: () => close(top, ctx), covered: Boolean(ctx.ui.question), opened: () => chooseCurrent(top, ctx) }) : null,
    ctx.ui.question ? frame(question(ctx.ui.question, ctx), { key: 'question', escape: () => ctx.ui.question.answer(false) }) : null,
  ];
}

function frame(dialog, { key, escape, covered, opened }) {
  const made = (node) => {
    opened?.();
    arrivals.push(node);
  };
  const keys = (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      event.stopPropagation();
      escape();
    } else if (event.key === 'Tab') keepInside(event);
  };
  return h('div', { key, class: 'scrim', inert: covered || undefined, onkeydown: keys, made }, dialog);
}

/** What has just been drawn for the first time takes the focus at once: no key is lost in between. */
export function takeFocus(over) {
  for (const node of arrivals.splice(0)) focusFirst(node);
  keepFocus(over);
  setTimeout(() => keepFocus(over), ONCE_DISABLED);
}

/** A key that nothing in particular was meant for is for the dialog on top. */
export function strayKey(over, event) {
  if (event.key === 'Escape' && event.target === document.body) over.lastElementChild?.onkeydown(event);
}

/** When what had the focus is gone, the dialog itself takes it, so that the keys still reach it. */
function keepFocus(over) {
  if (document.activeElement === document.body) over.lastElementChild?.querySelector('[role$=dialog]').focus({ preventScroll: true });
}

/** The focus goes round within the dialog. */
function keepInside(event) {
  const all = [...event.currentTarget.querySelectorAll(FOCUSABLE)].filter((node) => node.offsetParent && node.tabIndex >= 0);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || document.activeElement !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

function focusFirst(node) {
  if (node.inert || !node.isConnected) return;
  const wanted = node.querySelector('[data-autofocus]') ?? node.querySelector('.modal-body input:not([type=file]), .modal-body textarea');
  (wanted ?? node.querySelector('.modal-foot .primary, .modal-foot button') ?? node.querySelector('button'))?.focus();
}

/** `default_to_current_conversation`: where the person is, if that is on offer and nothing is chosen. */
function chooseCurrent(view, ctx) {
  for (const { block_id, element } of view.blocks.filter((block) => block.type === 'input')) {
    const state = view.state?.values?.[block_id]?.[element.action_id];
    if (!element.default_to_current_conversation || state?.selected_conversation) continue;
    const here = offered(element, ctx).find((one) => one.value === ctx.ui.channel);
    if (here) enter(ctx, { view_id: view.id, block_id, action_id: element.action_id, state: stateOf(element, here) });
  }
}

function form(view, stacked, ctx) {
  const own = ctx.ui.sending === view.id;
  const busy = own || view.loading;
  const errors = view.errors ?? {};
  const refused = ctx.ui.refused?.view === view.id ? ctx.ui.refused.why : '';
  const submit = view.submit && !busy ? () => send(view, ctx) : undefined;
  const scope = viewScope(ctx, view, { errors, submit });
  const onsubmit = (event) => {
    event.preventDefault();
    submit?.();
  };
  return h('form', { class: 'modal', role: 'dialog', tabindex: '-1', 'aria-modal': 'true', 'aria-labelledby': `${view.id}-title`, 'aria-busy': busy ? 'true' : undefined, novalidate: true, onsubmit },
    h('header', { class: 'modal-head' },
      stacked ? h('button', { key: 'back', type: 'button', class: 'tool', 'aria-label': 'Back', onclick: () => close(view, ctx) }, '‹') : null,
      h('h2', { key: 'title', id: `${view.id}-title` }, view.title ? textNodes(view.title, ctx) : ''),
      h('button', { key: 'cross', type: 'button', class: 'tool', 'aria-label': 'Close', onclick: () => close(view, ctx, true) }, '✕')),
    busy ? h('div', { key: 'busy', class: 'busy', role: 'progressbar', 'aria-label': 'Working' }) : null,
    h('div', { key: 'body', class: 'modal-body', tabindex: '-1' },
      refused ? h('p', { key: 'refused', class: 'refused', role: 'alert' }, refused) : null,
      blocks(view.blocks, scope)),
    h('footer', { key: 'foot', class: 'modal-foot' },
      h('small', null, ctx.snapshot.app.name),
      h('button', { key: 'close', type: 'button', class: 'button', onclick: () => close(view, ctx) }, view.close ? textNodes(view.close, ctx) : view.submit ? 'Cancel' : 'Close'),
      view.submit ? h('button', { key: 'submit', class: 'button primary', disabled: busy, 'aria-busy': own ? 'true' : undefined }, own ? h('span', { class: 'spinner' }) : null, textNodes(view.submit, ctx)) : null));
}

async function send(view, ctx) {
  ctx.ui.sending = view.id;
  ctx.ui.refused = null;
  ctx.render();
  await arrived();
  const told = await ctx.act('submit', { view_id: view.id });
  ctx.ui.sending = null;
  ctx.ui.refused = told.ok ? null : { view: view.id, why: told.error };
  ctx.render();
  setTimeout(showFault, 80);
}

/** The first field that is not right has the focus. */
function showFault() {
  const place = document.querySelector('#over .refused, #over .error');
  place?.scrollIntoView({ block: 'nearest' });
  if (place?.matches('.error')) place.parentElement.querySelector('input, textarea')?.focus();
}

async function close(view, ctx, all = false) {
  ctx.told(await ctx.act('close', { view_id: view.id, ...(all ? { all: true } : {}) }));
}

function question({ asks, answer }, ctx) {
  return h('div', { class: 'modal question', role: 'alertdialog', tabindex: '-1', 'aria-modal': 'true', 'aria-labelledby': 'question-title' },
    h('header', { class: 'modal-head' }, h('h2', { id: 'question-title' }, textNodes(asks.title, ctx))),
    h('div', { class: 'modal-body question-text' }, asks.text ? textNodes(asks.text, ctx) : null),
    h('footer', { class: 'modal-foot' },
      h('button', { type: 'button', class: 'button', onclick: () => answer(false) }, textNodes(asks.deny, ctx)),
      h('button', { type: 'button', class: `button ${asks.style === 'danger' ? 'danger solid' : 'primary'}`, 'data-autofocus': true, onclick: () => answer(true) }, textNodes(asks.confirm, ctx))));
}
