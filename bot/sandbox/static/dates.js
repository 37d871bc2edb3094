// How is a moment written for the reader, in the zone of the reader?
// docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY = 86_400;
const formats = new Map();

function parts(epoch, zone) {
  if (!formats.has(zone)) {
    formats.set(
      zone,
      new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        ...{ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' },
        ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
      }),
    );
  }
  return Object.fromEntries(formats.get(zone).formatToParts(new Date(epoch * 1000)).map((part) => [part.type, part.value]));
}

function dayNumber(epoch, zone) {
  const { year, month, day } = parts(epoch, zone);
  return Date.parse(`${month} ${day}, ${year} 00:00 UTC`) / 1000 / DAY;
}

/** `HH:MM` */
export function time(epoch, zone) {
  const { hour, minute } = parts(epoch, zone);
  return `${hour}:${minute}`;
}

/** `Sat, Nov 21` */
export function day(epoch, zone) {
  const { weekday, month, day: number } = parts(epoch, zone);
  return `${weekday.slice(0, 3)}, ${month.slice(0, 3)} ${number}`;
}

/** The day as a line between messages says it. */
export function dayLine(epoch, { zone, now }) {
  const told = near(epoch, { zone, now });
  if (told) return told[0].toUpperCase() + told.slice(1);
  const { weekday, month, day } = parts(epoch, zone);
  return `${weekday}, ${month} ${day}${ordinal(Number(day))}`;
}

export function sameDay(one, other, zone) {
  return dayNumber(one, zone) === dayNumber(other, zone);
}

/** The date token's format, filled in. */
export function formatted(epoch, format, { zone, now }) {
  return format.replace(/\{(\w+)\}/g, (written, name) => token(name, epoch, { zone, now }) ?? written);
}

function token(name, epoch, { zone, now }) {
  if (name === 'ago') return ago(now - epoch);
  const pretty = name.endsWith('_pretty') ? near(epoch, { zone, now }) : '';
  return pretty || plainToken(name.replace(/_pretty$/, ''), parts(epoch, zone));
}

function plainToken(name, { year, month, day, weekday, hour, minute, second }) {
  const nth = `${day}${ordinal(Number(day))}`;
  const number = String(new Date(`${month} 1, 2000`).getMonth() + 1).padStart(2, '0');
  return {
    date_num: `${year}-${number}-${day.padStart(2, '0')}`,
    date: `${month} ${nth}, ${year}`,
    date_short: `${month.slice(0, 3)} ${day}, ${year}`,
    date_long: `${weekday}, ${month} ${nth}, ${year}`,
    time: `${hour}:${minute}`,
    time_secs: `${hour}:${minute}:${second}`,
  }[name];
}

function near(epoch, { zone, now }) {
  const away = Math.round(dayNumber(epoch, zone) - dayNumber(now, zone));
  return { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[away] ?? '';
}

function ordinal(day) {
  if (day >= 11 && day <= 13) return 'th';
  return { 1: 'st', 2: 'nd', 3: 'rd' }[day % 10] ?? 'th';
}

/** How long ago, or in how long. */
export function ago(seconds) {
  for (const [size, unit] of [[DAY, 'day'], [3600, 'hour'], [60, 'minute']]) {
    const number = Math.floor(Math.abs(seconds) / size);
    if (number >= 1) {
      const words = `${number} ${unit}${number > 1 ? 's' : ''}`;
      return seconds < 0 ? `in ${words}` : `${words} ago`;
    }
  }
  return 'now';
}
