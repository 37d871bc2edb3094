// Who and what does an id mean to the reader?

const STRANGERS = { USLACKBOT: 'Slackbot' };

/** Look up people, channels and groups of one snapshot. */
export function namesOf(snapshot) {
  const people = new Map(snapshot.people.map((one) => [one.id, one]));
  const channels = new Map(snapshot.channels.map((one) => [one.id, one]));
  const elsewhere = new Map((snapshot.elsewhere ?? []).map((one) => [one.id, one]));
  const groups = new Map((snapshot.groups ?? []).map((one) => [one.id, one]));
  const person = (id) => people.get(id) ?? { id, name: STRANGERS[id] ?? id, real_name: id, bot: false, role: '' };
  return {
    person,
    channel: (id) => channels.get(id)?.name ?? '',
    elsewhere: (id) => elsewhere.get(id)?.name ?? '',
    group: (id) => groups.get(id)?.handle ?? id,
    place(channel) {
      if (channel.kind !== 'im') return channel.name;
      return channel.with ? person(channel.with).name : snapshot.me.name;
    },
  };
}

/** One of eight hues, the same for the same person. */
export function hue(id) {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 8, 5);
}
