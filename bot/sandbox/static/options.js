// What can be chosen in a select menu, and what does Slack call the choice?

const KEYS = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  users_select: 'selected_user',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
};
const INITIAL = {
  static_select: 'initial_option',
  external_select: 'initial_option',
  users_select: 'initial_user',
  channels_select: 'initial_channel',
  conversations_select: 'initial_conversation',
};
export const MENUS = new Set(Object.keys(KEYS));

/** Slack's state of the element once this option (or none) is chosen. */
export function stateOf(element, option) {
  const key = KEYS[element.type];
  const value = key === 'selected_option' ? bare(option) : (option?.value ?? null);
  return { type: element.type, [key]: value };
}

function bare(option) {
  if (!option) return null;
  const { label: _, ...own } = option;
  return own;
}

/** The option that a state, or the element itself, says is chosen; null for none. */
export function chosenIn(element, state, ctx) {
  const value = state ? state[KEYS[element.type]] : element[INITIAL[element.type]];
  if (!value) return null;
  return typeof value === 'object' ? value : { text: { type: 'plain_text', text: nameOf(value, ctx) }, value };
}

function nameOf(id, ctx) {
  const channel = ctx.snapshot.channels.find((one) => one.id === id);
  if (!channel) return ctx.names.person(id).name;
  return channel.kind === 'im' ? ctx.names.place(channel) : `#${channel.name}`;
}

/** Everything on offer, each with the `label` of its group. An external select is asked instead. */
export function offered(element, ctx) {
  switch (element.type) {
    case 'static_select':
      return inGroups(element);
    case 'users_select':
      return ctx.snapshot.people.filter((one) => !one.deleted).map((one) => named(one.id, ctx));
    case 'channels_select':
      return ctx.snapshot.channels.filter((one) => one.kind === 'public').map((one) => named(one.id, ctx));
    case 'conversations_select':
      return conversations(element.filter ?? {}, ctx).map((one) => named(one.id, ctx));
  }
  return [];
}

/** Options, and options in groups, as one list. */
export function inGroups({ options, option_groups: groups }) {
  if (!groups) return options ?? [];
  return groups.flatMap((group) => group.options.map((option) => ({ ...option, label: group.label.text })));
}

function conversations(filter, ctx) {
  const kinds = filter.include ?? ['public', 'private', 'im', 'mpim'];
  const bot = (one) => one.kind === 'im' && ctx.names.person(one.with).bot;
  return ctx.snapshot.channels.filter(
    (one) => kinds.includes(one.kind) && !one.archived && !(filter.exclude_bot_users && bot(one)),
  );
}

const named = (id, ctx) => ({ text: { type: 'plain_text', text: nameOf(id, ctx) }, value: id });

/** Those that have all the words, the ones that begin with them first. */
export function matching(options, typed) {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (option) => option.text.text.toLowerCase();
  const fit = options.filter((option) => words.every((word) => text(option).includes(word)));
  const begins = (option) => (words.length && text(option).startsWith(words[0]) ? 0 : 1);
  return fit.some((option) => option.label) ? fit : fit.toSorted((one, other) => begins(one) - begins(other));
}
