// How does one write: a message, a reply, a command?

import { suggestions } from './completion.js';
import { h, patch, widget } from './dom.js';
import { menu } from './menu.js';
import { hide, showAt, whenLeft } from './popup.js';

const drafts = new Map();
let count = 0;

/** A field to write in: {key, ctx, channel, thread, label}. */
export function composer(props) {
  if (props.channel.archived) return h('p', { key: props.key, class: 'empty' }, 'This channel is archived.');
  return widget(begin, props);
}

function begin(props) {
  return new Composer(props);
}

class Composer {
  constructor(props) {
    this.props = props;
    this.id = `composer-${(count += 1)}`;
    this.list = { from: 0, entries: [], sure: false };
    this.active = -1;
    this.node = document.createElement('div');
    this.node.className = 'composer';
    this.draw();
    this.input.value = drafts.get(this.place) ?? '';
    setTimeout(() => this.arrive());
  }

  /** Who comes to a channel can write at once; on a touch screen the keyboard would cover half of it. */
  arrive() {
    this.grow();
    const { thread, ctx } = this.props;
    const idle = !document.querySelector('#over > *') && matchMedia('(hover: hover)').matches;
    if (ctx.ui.write || (idle && !thread)) this.input.focus();
  }

  get place() {
    return `${this.props.ctx.me.id} ${this.props.key}`;
  }

  get input() {
    return this.node.querySelector('textarea');
  }

  update(props) {
    this.props = props;
    this.draw();
  }

  get isOpen() {
    return this.list.entries.length > 0;
  }

  written() {
    drafts.set(this.place, this.input.value);
    this.grow();
    const before = this.input.value.slice(0, this.input.selectionStart);
    this.suggest(suggestions(before, this.props.ctx));
  }

  suggest(list) {
    this.stop?.();
    this.list = list;
    this.active = list.sure ? 0 : -1;
    this.draw();
    const popup = this.node.querySelector('.listbox');
    if (!this.isOpen) return hide(popup);
    const stand = () => showAt(this.node.querySelector('.box'), popup, { wide: true });
    stand();
    this.stop = whenLeft([this.node], { close: () => this.close(), moved: stand });
  }

  close() {
    this.suggest({ from: 0, entries: [], sure: false });
  }

  grow() {
    this.input.style.setProperty('height', 'auto');
    this.input.style.setProperty('height', `${Math.min(this.input.scrollHeight + 2, 180)}px`);
  }

  take(entry) {
    const caret = this.input.selectionStart;
    this.input.setRangeText(entry.insert, this.list.from, caret, 'end');
    this.input.focus();
    this.written();
  }

  keys(event) {
    if (event.isComposing) return;
    if (this.isOpen && this.listKeys(event)) return event.preventDefault();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    this.send();
  }

  /** Whether the list of suggestions took the key. */
  listKeys(event) {
    const { entries } = this.list;
    const last = entries.length - 1;
    if (event.key === 'ArrowDown') this.active = this.active >= last ? 0 : this.active + 1;
    else if (event.key === 'ArrowUp') this.active = this.active <= 0 ? last : this.active - 1;
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'Tab' && !event.shiftKey) this.take(entries[Math.max(this.active, 0)]);
    else if (event.key === 'Enter' && this.active >= 0) this.take(entries[this.active]);
    else return false;
    this.draw();
    return true;
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    this.close();
    this.fill('');
    const { ctx, channel, thread } = this.props;
    const told = ctx.told(await ctx.act('type', { channel: channel.id, text, ...(thread ? { thread_ts: thread } : {}) }));
    if (!told.ok && !this.input.value) this.fill(text);
  }

  fill(text) {
    this.input.value = text;
    drafts.set(this.place, text);
    this.grow();
  }

  mention() {
    const name = `@${this.props.ctx.snapshot.app.name} `;
    this.input.setRangeText(name, this.input.selectionStart, this.input.selectionEnd, 'end');
    this.input.focus();
    this.written();
  }

  draw() {
    const { label } = this.props;
    const open = this.isOpen;
    const area = h('textarea', {
      key: 'text', rows: '1', placeholder: label, 'aria-label': label, 'aria-controls': this.id, 'aria-autocomplete': 'list',
      'aria-expanded': String(open), role: 'combobox',
      'aria-activedescendant': open && this.active >= 0 ? `${this.id}-${this.active}` : undefined,
      oninput: () => this.written(), onkeydown: (event) => this.keys(event),
    });
    patch(this.node, [
      h('div', { class: 'box' }, area, h('div', { class: 'below-text' }, this.shortcuts(), this.at(), h('span', { class: 'spring' }), this.sender())),
      h('div', { id: this.id, class: 'popup listbox', role: 'listbox', popover: 'manual', 'aria-label': 'Suggestions' },
        this.list.entries.map((entry, index) => this.entry(entry, index))),
    ]);
  }

  entry(entry, index) {
    return h('div', {
      id: `${this.id}-${index}`, role: 'option', class: 'option command', 'aria-selected': String(index === this.active),
      onpointerdown: (event) => event.preventDefault(), onclick: () => this.take(entry),
    }, h('span', null, h('b', null, entry.text), entry.hint ? h('code', null, entry.hint) : null), entry.detail ? h('small', null, entry.detail) : null);
  }

  at() {
    return h('button', { type: 'button', class: 'tool', title: `Mention @${this.props.ctx.snapshot.app.name}`, 'aria-label': 'Mention the app', onclick: () => this.mention() }, '@');
  }

  sender() {
    return h('button', { type: 'button', class: 'send', 'aria-label': 'Send', title: 'Send', onclick: () => this.send() }, '➤');
  }

  shortcuts() {
    const { ctx, thread } = this.props;
    const known = thread ? [] : ctx.snapshot.app.shortcuts.filter((one) => one.type === 'global');
    if (!known.length) return null;
    const items = known.map((one) => ({
      text: one.name,
      detail: one.description || ctx.snapshot.app.name,
      act: async () => ctx.told(await ctx.act('shortcut', { callback_id: one.callback_id })),
    }));
    return menu({ key: 'shortcuts', label: 'Shortcuts', hint: 'Shortcuts', face: '⚡', cls: 'tool emoji', items });
  }
}
