// What could be meant by what is typed so far? Commands after /, their verbs, people after @, channels after #.

const MOST = 8;

/** Suggestions for the words before the caret: {from, entries: [{insert, text, detail}], sure}. */
export function suggestions(typed, ctx) {
  return command(typed, ctx) ?? reference(typed, ctx) ?? { from: 0, entries: [], sure: false };
}

function command(typed, ctx) {
  if (!typed.startsWith('/')) return null;
  const [name, ...rest] = typed.split(' ');
  const { commands } = ctx.snapshot.app;
  if (!rest.length) {
    const fit = commands.filter((one) => one.command.startsWith(name) && one.command !== name);
    const whole = commands.filter((one) => one.command === name);
    return { from: 0, sure: fit.length > 0, entries: [...fit, ...whole].map(ofCommand) };
  }
  const known = commands.find((one) => one.command === name);
  if (!known || rest.length > 1) return { from: 0, entries: [], sure: false };
  const verbs = (known.verbs ?? []).filter((one) => one.verb.startsWith(rest[0].toLowerCase()) && one.verb !== rest[0]);
  return { from: name.length + 1, sure: false, entries: verbs.map(ofVerb) };
}

const ofCommand = (one) => ({ insert: `${one.command} `, text: one.command, hint: one.usage_hint, detail: one.description });
const ofVerb = (one) => ({ insert: `${one.verb} `, text: one.verb, hint: one.example, detail: one.does });

function reference(typed, ctx) {
  const found = /(?:^|\s)([@#])([\p{L}\p{N}._-]*)$/u.exec(typed);
  if (!found) return null;
  const [, sign, part] = found;
  const all = sign === '@' ? people(ctx) : channels(ctx);
  const entries = all.filter((one) => one.insert.slice(1).toLowerCase().startsWith(part.toLowerCase())).slice(0, MOST);
  return { from: typed.length - part.length - 1, entries, sure: part.length > 0 };
}

function people(ctx) {
  const known = ctx.snapshot.people.filter((one) => !one.deleted && one.id !== ctx.me.id);
  const one = (person) => ({ insert: `@${person.name} `, text: `@${person.name}`, detail: person.bot ? 'App' : person.real_name });
  return known.toSorted((a, b) => Number(b.bot) - Number(a.bot)).map(one);
}

function channels(ctx) {
  const known = ctx.snapshot.channels.filter((one) => one.kind !== 'im');
  return known.map((one) => ({ insert: `#${one.name} `, text: `#${one.name}`, detail: '' }));
}
