// How does one choose among boxes, circles and days that all stand there to be seen?

import { h } from './dom.js';
import { textNodes } from './mrkdwn.js';

/** checkboxes and radio_buttons: {key, name, element, state, labelledby, invalid, choose(state)}. */
export function choices({ key, name, element, state, labelledby, describedby, invalid, ctx, choose }) {
  const many = element.type === 'checkboxes';
  const picked = pickedIn(element, state, many);
  const toggle = (option, on) => {
    const others = element.options.filter((one) => one.value !== option.value && picked.has(one.value));
    const kept = on ? element.options.filter((one) => one === option || others.includes(one)) : others;
    choose(many ? { type: element.type, selected_options: kept } : { type: element.type, selected_option: option });
  };
  const row = (option, index) =>
    h('label', { key: option.value, class: 'choice' },
      h('input', {
        type: many ? 'checkbox' : 'radio', name, checked: picked.has(option.value),
        'data-autofocus': element.focus_on_load && index === 0 ? true : undefined,
        onchange: (event) => toggle(option, event.target.checked),
      }),
      h('span', null, textNodes(option.text, ctx),
        option.description ? h('small', null, textNodes(option.description, ctx)) : null));
  const attributes = {
    key, class: 'choices', role: many ? 'group' : 'radiogroup', 'aria-labelledby': labelledby,
    'aria-describedby': describedby, 'aria-invalid': invalid ? 'true' : undefined,
  };
  return h('div', attributes, element.options.map(row));
}

function pickedIn(element, state, many) {
  if (many) return new Set((state ? state.selected_options : element.initial_options)?.map((one) => one.value));
  return new Set([(state ? state.selected_option : element.initial_option)?.value]);
}

/** A day: {key, element, state, id, choose(state)}. */
export function day({ key, element, state, id, label, describedby, invalid, choose }) {
  const value = (state ? state.selected_date : element.initial_date) ?? '';
  return h('input', {
    key, id, type: 'date', class: 'day', value, 'aria-label': label, 'aria-describedby': describedby,
    'aria-invalid': invalid ? 'true' : undefined, 'data-autofocus': element.focus_on_load || undefined,
    onchange: (event) => choose({ type: element.type, selected_date: event.target.value || null }),
  });
}
