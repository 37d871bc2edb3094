// How does one choose from a select menu? By typing, with the arrow keys, Enter and Escape, or by touching.

import { h, patch, widget } from './dom.js';
import { matching } from './options.js';
import { hide, showAt, whenLeft } from './popup.js';

const ASK_AFTER = 150;
let count = 0;

/**
 * A select menu: {key, chosen, options, ask, least, placeholder, choose, optional, invalid, label, describedby, focus}.
 * Where `ask(text)` is given it answers {options} or {error}, once `least` letters are typed.
 */
export function select(props) {
  return widget(begin, props);
}

function begin(props) {
  return new Select(props);
}

class Select {
  constructor(props) {
    this.id = `select-${(count += 1)}`;
    this.node = document.createElement('div');
    this.node.className = 'select';
    this.props = props;
    this.isOpen = false;
    this.typed = null;
    this.active = -1;
    this.found = [];
    this.note = '';
    this.turn = 0;
    this.draw();
    this.input.value = this.words;
  }

  get input() {
    return this.node.firstChild;
  }

  get list() {
    return this.node.lastChild;
  }

  get words() {
    return this.props.chosen?.text.text ?? '';
  }

  update(props) {
    const before = this.words;
    this.props = props;
    if (this.isOpen && !props.ask) this.look();
    if (!this.isOpen && this.words !== before) this.input.value = this.words;
    this.draw();
  }

  open(typed = null) {
    if (this.isOpen || this.props.disabled) return;
    this.isOpen = true;
    this.typed = typed;
    this.stop = whenLeft([this.node], { close: () => this.close(), moved: () => this.stand() });
    this.look();
    if (typed === null) this.input.select();
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.turn += 1;
    clearTimeout(this.timer);
    this.stop();
    hide(this.list);
    this.input.value = this.words;
    this.draw();
  }

  /** Find what fits the letters typed so far. */
  look() {
    const { ask, least, options, chosen } = this.props;
    const typed = this.typed ?? '';
    if (!ask) {
      this.show(matching(options, typed), 'Nothing fits.');
    } else if (typed.length < least) {
      this.show([], `Type ${least === 1 ? 'a letter' : `at least ${least} letters`} to search.`);
    } else {
      this.show(this.found, 'Searching …', true);
      clearTimeout(this.timer);
      const turn = (this.turn += 1);
      this.timer = setTimeout(() => this.inquire(typed, turn), this.typed === null ? 0 : ASK_AFTER);
    }
    if (this.typed === null && chosen) this.active = this.found.findIndex((one) => one.value === chosen.value);
    this.draw();
  }

  async inquire(typed, turn) {
    const { options, error } = await this.props.ask(typed);
    if (turn !== this.turn || !this.isOpen) return;
    this.show(options ?? [], error ?? 'Nothing fits.');
    this.draw();
  }

  show(found, note, searching = false) {
    this.found = found;
    this.note = searching || !found.length ? note : '';
    if (!searching) this.active = this.typed === null ? -1 : found.length ? 0 : -1;
  }

  choose(option) {
    this.props.choose(option);
    this.props = { ...this.props, chosen: option };
    this.close();
    this.input.value = this.words;
    this.draw();
  }

  keys(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (steps[event.key]) this.step(steps[event.key]);
    else if (event.key === 'Enter' && this.isOpen) this.found[this.active] && this.choose(this.found[this.active]);
    else if (event.key === 'Escape' && this.isOpen) this.close();
    else if (event.key === 'Tab') return this.leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Tab takes what is highlighted, when something was typed for it. */
  leave() {
    if (this.isOpen && this.typed && this.found[this.active]) this.choose(this.found[this.active]);
    else this.close();
  }

  step(by) {
    if (!this.isOpen) return this.open();
    const last = this.found.length - 1;
    const next = this.active + by;
    if (Math.abs(by) > 1) this.active = Math.max(0, Math.min(last, next));
    else this.active = next > last ? 0 : next < 0 ? last : next;
    this.draw();
  }

  written(event) {
    if (!this.isOpen) return this.open(event.target.value);
    this.typed = event.target.value;
    return this.look();
  }

  draw() {
    patch(this.node, [this.field(), this.cross(), this.menu()]);
    if (!this.isOpen) return;
    this.stand();
    this.list.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  stand() {
    showAt(this.input, this.list, { wide: true });
  }

  field() {
    const { placeholder, label, describedby, invalid, required, disabled } = this.props;
    return h('input', {
      id: this.props.id, type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: 'false', disabled,
      placeholder: placeholder ?? 'Select an option', 'aria-label': label, 'aria-describedby': describedby,
      'aria-invalid': invalid ? 'true' : undefined, 'aria-required': required ? 'true' : undefined,
      'aria-expanded': String(this.isOpen), 'aria-controls': `${this.id}-list`, 'aria-autocomplete': 'list',
      'aria-activedescendant': this.isOpen && this.active >= 0 ? `${this.id}-${this.active}` : undefined,
      'data-autofocus': this.props.focus,
      onclick: () => this.open(), oninput: (event) => this.written(event), onkeydown: (event) => this.keys(event),
      onblur: () => setTimeout(() => !this.node.contains(document.activeElement) && this.close()),
    });
  }

  cross() {
    const clear = () => {
      this.choose(null);
      this.input.focus();
    };
    if (!this.props.optional || !this.props.chosen) return h('span', { class: 'arrow', 'aria-hidden': 'true' }, '⌄');
    return h('button', { type: 'button', class: 'clear', 'aria-label': 'Clear the choice', onclick: clear }, '✕');
  }

  menu() {
    const shown = this.isOpen ? this.found.flatMap((option, index) => this.entry(option, index)) : [];
    const note = this.isOpen && this.note ? h('div', { key: 'note', class: 'note', role: 'status' }, this.note) : null;
    const props = { id: `${this.id}-list`, class: 'popup listbox', role: 'listbox', popover: 'manual', 'aria-label': this.props.label };
    return h('div', props, shown, note);
  }

  entry(option, index) {
    const { label } = option;
    const head = label && label !== this.found[index - 1]?.label ? h('div', { class: 'group' }, label) : null;
    const props = {
      id: `${this.id}-${index}`, role: 'option', class: 'option', 'aria-selected': String(index === this.active),
      onpointerdown: (event) => event.preventDefault(), onclick: () => this.choose(option),
    };
    const mark = option.value === this.props.chosen?.value ? h('span', { class: 'tick', 'aria-hidden': 'true' }, '✓') : null;
    return [head, h('div', props, h('span', null, option.text.text), mark)];
  }
}
