// Where do these blocks stand, and so: whose state do they show, and who is told when they are used?

import { keyOf } from './dom.js';
import { arrived, enter, standing } from './form.js';

/** Blocks of a message, which may be seen in two panes. */
export function messageScope(ctx, post, { channel, pane }) {
  const where = { message: { channel, ts: post.ts } };
  return common(ctx, { id: `${pane}${post.ts}`, where, values: post.values ?? {} });
}

export function homeScope(ctx, view) {
  return common(ctx, { id: 'home', where: { home: true }, values: view.state?.values ?? {} });
}

/** Blocks of a form; `submit` sends it. */
export function viewScope(ctx, view, { errors, submit }) {
  const base = common(ctx, { id: view.id, where: { view: view.id }, values: view.state?.values ?? {} });
  const field = (block, element) => ({ view_id: view.id, block_id: block.block_id, action_id: element.action_id });
  return {
    ...base,
    errors,
    submit,
    state: (block, element) => standing(field(block, element), base.state(block, element)),
    type: (block, element, state, more) => {
      enter(ctx, { ...field(block, element), state }, more);
    },
    choose(block, element, state) {
      if (block.type !== 'input') return base.choose(block, element, state);
      enter(ctx, { ...field(block, element), state });
      return ctx.render();
    },
    press: async (block, element, key) => {
      await arrived();
      return base.press(block, element, key);
    },
    suggest: (block, element, text) => ctx.act('suggest', { ...field(block, element), text }),
    upload: async (block, element, what) => ctx.told(await ctx.act('upload', { ...field(block, element), ...what })),
  };
}

function common(ctx, { id, where, values }) {
  const named = (block, element) => ({ where, block_id: block.block_id, action_id: element.action_id });
  const name = (block, element) => keyOf(id, block.block_id, element.action_id);
  const choose = async (block, element, state) => {
    if (element.confirm && !(await ctx.confirm(element.confirm))) return ctx.render();
    ctx.ui.chosen.set(name(block, element), state);
    ctx.render();
    const told = await ctx.act('choose', { ...named(block, element), state });
    if (!told.ok) ctx.ui.chosen.delete(name(block, element));
    return ctx.told(told);
  };
  return {
    ctx,
    id,
    where,
    state: (block, element) => ctx.ui.chosen.get(name(block, element)) ?? values[block.block_id]?.[element.action_id],
    choose,
    type: (block, element, state) => ctx.ui.chosen.set(name(block, element), state),
    press: (block, element, key) => ctx.press({ ...named(block, element), value: element.value }, { key, confirm: element.confirm }),
    suggest: async (block, element, text) => ctx.act('suggest', { ...named(block, element), text }),
  };
}
