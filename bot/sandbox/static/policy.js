// By which rules does the bot go, and what do they mean?

import { h } from './dom.js';

const NONE = 'There is no policy file: the approvers decide on everything, and never on what they asked for themselves.';

export function policy({ file, parts }) {
  if (!file) return h('p', { class: 'empty' }, NONE);
  return [
    h('p', { key: 'file' }, h('small', null, `POLICY_FILE=${file}`)),
    ...parts.map(({ says, lines }, place) => h('section', { key: String(place), class: 'rule' },
      says ? h('p', null, says) : null,
      lines ? h('pre', { class: 'code' }, lines) : null)),
    h('p', { key: 'why' }, 'Which rule decided on a request, and who may: ', h('code', null, '/offer why R-…')),
  ];
}
