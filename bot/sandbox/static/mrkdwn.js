// How does Slack's mrkdwn look? As nodes; what it does not understand stays text.
// docs.slack.dev/messaging/formatting-message-text

import { formatted } from './dates.js';
import { h } from './dom.js';
import { picture, withPictures } from './emoji.js';

const FENCE = /```\n?([\s\S]*?)\n?```/;
const INLINE = new RegExp(
  [
    '(?<code>`[^`\\n]+`)',
    '<(?<angle>[^<>]+)>',
    '(?<![\\p{L}\\p{N}_*~`])(?<marked>(?<mark>[*_~])(?=\\S)(?<inside>[^\\n]+?)(?<=\\S)\\k<mark>)(?![\\p{L}\\p{N}_*~`])',
    ':(?<emoji>[a-z0-9_+-]+):',
    '(?<bare>https?:\\/\\/(?:(?!&[lg]t;)[^\\s<>|])+(?<![.,;:!?)]))',
  ].join('|'),
  'u',
);
const TAGS = { '*': 'strong', _: 'em', '~': 's' };

/** A text object, mrkdwn or plain_text, as nodes. */
export function textNodes(text, ctx) {
  if (text.type === 'mrkdwn') return mrkdwn(text.text, ctx, { bare: !text.verbatim });
  return [text.emoji === false ? text.text : withPictures(text.text)];
}

/** mrkdwn as nodes. `bare`: addresses without angle brackets become links, too. */
export function mrkdwn(text, ctx, { bare = true } = {}) {
  const pieces = text.split(FENCE);
  const around = (piece) => (pieces.length > 1 ? piece.replace(/^\n|\n$/g, '') : piece);
  return pieces.flatMap((piece, index) =>
    index % 2 ? [h('pre', { class: 'code' }, plainly(piece))] : quotesAndLines(around(piece), { ctx, bare }),
  );
}

function quotesAndLines(text, scope) {
  const nodes = [];
  let plain = [];
  let quote = [];
  const end = () => {
    if (quote.length) nodes.push(h('blockquote', null, inline(quote.join('\n'), scope)));
    else if (plain.length) nodes.push(h('span', null, inline(plain.join('\n'), scope)));
    plain = [];
    quote = [];
  };
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/s.exec(line);
    if (Boolean(quoted) !== quote.length > 0 && (quote.length || plain.length)) end();
    if (quoted) quote.push(quoted[1]);
    else plain.push(line);
  }
  end();
  return nodes;
}

function inline(text, scope) {
  const nodes = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) nodes.push(unescaped(rest.slice(0, found.index)));
    nodes.push(...token(found, scope));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) nodes.push(unescaped(rest));
  return nodes;
}

function token(found, scope) {
  const { code, angle, mark, inside, emoji } = found.groups;
  if (code) return [h('code', null, plainly(code.slice(1, -1)))];
  if (angle) return [reference(angle, scope.ctx)];
  if (mark) return [h(TAGS[mark], null, inline(inside, scope))];
  if (emoji) return [emojiNode(emoji)];
  return scope.bare ? [link(unescaped(found[0]))] : [unescaped(found[0])];
}

export function emojiNode(name) {
  const shown = picture(name);
  return shown ? h('span', { class: 'emoji', role: 'img', 'aria-label': name.replaceAll('_', ' ') }, shown) : `:${name}:`;
}

function reference(inside, ctx) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : unescaped(inside.slice(bar + 1));
  if (target[0] === '@') return personMention(target.slice(1), ctx);
  if (target[0] === '#') return channelMention(target.slice(1), ctx, label);
  if (target[0] === '!') return special(target.slice(1), { label, ctx });
  return link(unescaped(target), label);
}

function special(target, { label, ctx }) {
  const [kind, ...details] = target.split('^');
  if (kind === 'subteam') return groupMention(details[0], ctx);
  if (kind === 'date' && /^\d+$/.test(details[0])) {
    return dateNode(Number(details[0]), details[1] ?? '', { ctx, fallback: label, url: details[2] });
  }
  if (['here', 'channel', 'everyone'].includes(kind)) return h('span', { class: 'mention' }, `@${kind}`);
  return label || `<${target}>`;
}

export function personMention(id, ctx) {
  const mine = id === ctx.me.id;
  return h('span', { class: mine ? 'mention mine' : 'mention' }, `@${ctx.names.person(id).name}`);
}

export function groupMention(id, ctx) {
  return h('span', { class: 'mention' }, `@${ctx.names.group(id).replace(/^@/, '')}`);
}

export function channelMention(id, ctx, label = '') {
  const name = ctx.names.channel(id) || ctx.names.elsewhere(id) || label;
  if (!ctx.names.channel(id)) return h('span', { class: 'mention' }, name ? `#${name}` : '🔒private channel');
  return h('button', { class: 'mention', type: 'button', onclick: () => ctx.go({ channel: id }) }, `#${name}`);
}

export function dateNode(epoch, format, { ctx, fallback, url }) {
  const shown = formatted(epoch, format, { zone: ctx.me.tz, now: ctx.now() });
  const node = h('time', { datetime: new Date(epoch * 1000).toISOString(), title: fallback || undefined }, shown);
  return url ? link(url, [node]) : node;
}

/** A link, where the address is one that is safe to follow; else only its words. */
export function link(url, label = '') {
  const shown = label.length ? label : url.replace(/^mailto:/, '');
  if (!/^(https?:|mailto:)/i.test(url)) return h('span', { title: url }, shown);
  return h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, shown);
}

function unescaped(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** In code, references are shown by their words only. */
function plainly(text) {
  return unescaped(text.replace(/<([^<>|]+)\|?([^<>]*)>/g, (_, target, label) => label || target));
}
