// How does a rich_text block look?  docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { h } from './dom.js';
import { channelMention, dateNode, emojiNode, groupMention, link, personMention } from './mrkdwn.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 's', underline: 'u', code: 'code', highlight: 'mark', client_highlight: 'mark' };

export function richText(block, ctx) {
  return h('div', { class: 'rich' }, block.elements.map((part) => piece(part, ctx)));
}

function piece(part, ctx) {
  switch (part.type) {
    case 'rich_text_section':
      return h('div', null, inlines(part.elements, ctx));
    case 'rich_text_quote':
      return h('blockquote', null, inlines(part.elements, ctx));
    case 'rich_text_preformatted':
      return h('pre', { class: 'code' }, inlines(part.elements, ctx));
    case 'rich_text_list':
      return list(part, ctx);
  }
  return unknown(part.type);
}

function list(part, ctx) {
  const ordered = part.style === 'ordered';
  const props = { class: `indent-${part.indent ?? 0}`, start: ordered ? (part.offset ?? 0) + 1 : undefined };
  return h(ordered ? 'ol' : 'ul', props, part.elements.map((item) => h('li', null, inlines(item.elements, ctx))));
}

export function inlines(elements, ctx) {
  return elements.map((element) => styled(inline(element, ctx), element.style ?? {}));
}

function styled(node, style) {
  return Object.entries(STYLES).reduce((inside, [name, tag]) => (style[name] ? h(tag, null, inside) : inside), node);
}

function inline(element, ctx) {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'user':
      return personMention(element.user_id, ctx);
    case 'usergroup':
      return groupMention(element.usergroup_id, ctx);
    case 'channel':
      return channelMention(element.channel_id, ctx);
    case 'link':
      return link(element.url, element.text ?? '');
    case 'emoji':
      return emojiNode(element.name);
    case 'date':
      return dateNode(element.timestamp, element.format, { ctx, fallback: element.fallback, url: element.url });
    case 'broadcast':
      return h('span', { class: 'mention' }, `@${element.range}`);
    case 'color':
      return h('code', null, element.value);
  }
  return unknown(element.type);
}

/** What this page cannot show must be seen, not missed. */
export function unknown(type) {
  return h('div', { class: 'unknown', role: 'alert' }, `This page cannot show “${type}”.`);
}
