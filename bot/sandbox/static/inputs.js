// How does one type into a form? Fields keep their text, caret and focus however often the form is drawn anew.

import { h, patch, widget } from './dom.js';

const KINDS = { email_text_input: 'email', url_text_input: 'url', number_input: 'text', plain_text_input: 'text' };
export const TYPED = new Set(Object.keys(KINDS));
const LONGEST = 3000;

/** A text field: {key, element, state, label ids, invalid, typed(value), entered()}. */
export function textField(props) {
  return widget(makeField, props);
}

function makeField(first) {
  const { element } = first;
  const node = document.createElement('div');
  node.className = 'typed';
  const input = document.createElement(element.multiline ? 'textarea' : 'input');
  const below = document.createElement('div');
  below.className = 'below';
  node.append(input, below);
  let props = first;
  let applied = text(first);

  input.id = first.id;
  input.value = applied;
  if (element.multiline) input.rows = 4;
  else input.type = KINDS[element.type];
  input.addEventListener('input', () => {
    props.typed(input.value);
    count(below, input, props.element);
  });
  input.addEventListener('keydown', (event) => keys(event, props));

  const draw = () => {
    attributes(input, props);
    count(below, input, props.element);
  };
  draw();
  return {
    node,
    update(next) {
      props = next;
      const known = text(next);
      if (known !== applied && document.activeElement !== input) input.value = known;
      applied = known;
      draw();
    },
  };
}

const text = ({ element, state }) => (state ? state.value : element.initial_value) ?? '';

function attributes(input, { element, invalid, required, describedby, disabled }) {
  const set = (name, value) => (value === undefined ? input.removeAttribute(name) : input.setAttribute(name, value));
  set('placeholder', element.placeholder?.text);
  set('maxlength', element.max_length ?? (element.type === 'plain_text_input' ? LONGEST : undefined));
  set('inputmode', element.type === 'number_input' ? (element.is_decimal_allowed ? 'decimal' : 'numeric') : undefined);
  set('aria-invalid', invalid ? 'true' : undefined);
  set('aria-required', required ? 'true' : undefined);
  set('aria-describedby', describedby);
  set('data-autofocus', element.focus_on_load ? '' : undefined);
  set('autocomplete', 'off');
  input.disabled = Boolean(disabled);
}

/** Slack counts what is left once a length is set. */
function count(below, input, element) {
  const { max_length: most, min_length: least } = element;
  const left = most === undefined ? null : most - input.value.length;
  const missing = least && input.value.length < least ? `At least ${least} characters. ` : '';
  const words = `${input.value.length ? missing : ''}${left === null ? '' : left}`;
  patch(below, words ? [h('span', { class: left !== null && left < 10 ? 'counter few' : 'counter' }, words)] : []);
}

/** Enter in a single line sends the form, unless the field itself acts on Enter; ⌘/Ctrl + Enter always sends. */
function keys(event, props) {
  if (event.key !== 'Enter' || event.isComposing) return;
  const modified = event.metaKey || event.ctrlKey;
  if (props.element.multiline && !modified) return;
  event.preventDefault();
  if (modified) props.submit?.();
  else props.entered();
}
