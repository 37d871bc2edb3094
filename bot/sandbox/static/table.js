// How does a table look?  docs.slack.dev/reference/block-kit/blocks/table-block

import { h } from './dom.js';
import { richText, unknown } from './richtext.js';

/** The first row is the head. */
export function table(block, ctx) {
  const settings = block.column_settings ?? [];
  const row = (cells, tag) =>
    h('tr', null, cells.map((cell, column) => h(tag, attributes(tag, settings[column]), inside(cell, ctx))));
  const [head, ...rest] = block.rows;
  return h('div', { class: 'table-frame', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    h('table', null, h('thead', null, row(head, 'th')), h('tbody', null, rest.map((cells) => row(cells, 'td')))));
}

function attributes(tag, setting) {
  const align = setting?.align ?? 'left';
  return { class: `${align}${setting?.is_wrapped ? ' wrapped' : ''}`, scope: tag === 'th' ? 'col' : undefined };
}

function inside(cell, ctx) {
  switch (cell.type) {
    case 'raw_text':
      return cell.text;
    case 'raw_number':
      return cell.text ?? String(cell.value);
    case 'rich_text':
      return richText(cell, ctx);
  }
  return unknown(cell.type);
}
