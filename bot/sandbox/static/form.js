// What has been entered, but is not yet known to the workspace?
// Entries travel one after another for each field, the newest last; until one has arrived it is shown as entered.

import { keyOf } from './dom.js';

const SHOWN_AFTER_ANSWER = 500;
const entered = new Map();

const nameOf = (field) => keyOf(field.view_id, field.block_id, field.action_id);

/** Enter a state into a field of an open form. */
export function enter(ctx, field, more = {}) {
  const name = nameOf(field);
  const entry = { state: field.state, sent: entered.get(name)?.sent ?? Promise.resolve() };
  entered.set(name, entry);
  entry.sent = entry.sent.then(async () => {
    if (entered.get(name) !== entry) return;
    const answer = await ctx.act('fill', { ...field, ...more });
    if (isOpen(ctx, field)) ctx.told(answer);
    setTimeout(() => forget(name, entry, ctx), SHOWN_AFTER_ANSWER);
  });
  return entry.sent;
}

/** What did not reach a form that is closed by now is no loss. */
function isOpen(ctx, { view_id: id }) {
  return ctx.snapshot?.views.some((view) => view.id === id);
}

function forget(name, entry, ctx) {
  if (entered.get(name) !== entry) return;
  entered.delete(name);
  ctx.render();
}

/** What stands in a field: what was entered last, else what the workspace knows. */
export function standing(field, known) {
  return entered.get(nameOf(field))?.state ?? known;
}

/** Wait until everything entered has arrived. */
export async function arrived() {
  await Promise.all([...entered.values()].map((entry) => entry.sent));
}
