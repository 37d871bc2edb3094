// How does the page change without losing what a person is typing?
// Screens are described with `h`; `patch` makes the document agree with the description, and keeps every node
// whose key and tag stayed. A `widget` owns its node: it is told of changes and decides itself what to show.

const described = new WeakMap();
const ALWAYS_SET = new Set(['checked', 'disabled', 'selected', 'open']);

/** Describe an element. `key` keeps it the same node; `on…` are listeners; `made` is called once with the new node. */
export function h(tag, props, ...children) {
  return { tag, props: props ?? {}, children: tidy(children) };
}

/** Describe a node that looks after itself: `make(props)` returns `{node, update(props)}`; it is known by `make`. */
export function widget(make, props) {
  return { tag: make, props, children: [] };
}

function tidy(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== '');
}

/** Make the children of `parent` agree with what is wanted. */
export function patch(parent, wanted) {
  const list = tidy([wanted]);
  const { keyed, loose } = sortOut(parent);
  const kept = list.map((one) => claim(one, keyed, loose));
  for (const node of [...keyed.values(), ...loose]) node.remove();
  let at = parent.firstChild;
  list.forEach((one, index) => {
    const node = kept[index] ?? create(one);
    if (node === at) at = at.nextSibling;
    else place(parent, node, at);
    if (kept[index]) update(node, one);
  });
}

function sortOut(parent) {
  const keyed = new Map();
  const loose = [];
  for (const node of parent.childNodes) {
    const key = described.get(node)?.props?.key;
    if (key === undefined) loose.push(node);
    else keyed.set(key, node);
  }
  return { keyed, loose };
}

function claim(one, keyed, loose) {
  if (typeof one !== 'object') return take(loose, (node) => node.nodeType === Node.TEXT_NODE);
  const same = (node) => described.get(node)?.tag === one.tag;
  if (one.props.key === undefined) return take(loose, same);
  const node = keyed.get(one.props.key);
  if (!node || !same(node)) return undefined;
  keyed.delete(one.props.key);
  return node;
}

function take(loose, fits) {
  const index = loose.findIndex(fits);
  return index < 0 ? undefined : loose.splice(index, 1)[0];
}

function place(parent, node, before) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

function create(one) {
  if (typeof one !== 'object') return document.createTextNode(String(one));
  if (typeof one.tag === 'function') {
    const made = one.tag(one.props);
    described.set(made.node, { ...one, made });
    return made.node;
  }
  const node = document.createElement(one.tag);
  described.set(node, one);
  apply(node, {}, one.props);
  patch(node, one.children);
  one.props.made?.(node);
  return node;
}

function update(node, one) {
  if (typeof one !== 'object') {
    if (node.data !== String(one)) node.data = String(one);
    return;
  }
  const before = described.get(node);
  described.set(node, { ...one, made: before.made });
  if (typeof one.tag === 'function') {
    before.made.update(one.props);
    return;
  }
  apply(node, before.props, one.props);
  patch(node, one.children);
  one.props.redrawn?.(node);
}

function apply(node, before, after) {
  for (const name of Object.keys(before)) if (!(name in after)) set(node, name, undefined);
  for (const [name, value] of Object.entries(after)) {
    if (before[name] !== value || ALWAYS_SET.has(name)) set(node, name, value);
  }
}

function set(node, name, value) {
  if (name === 'key' || name === 'made' || name === 'redrawn') return;
  if (name.startsWith('on')) node[name] = value ?? null;
  else if (ALWAYS_SET.has(name)) node[name] = Boolean(value);
  else if (name === 'value') node.value = value ?? '';
  else if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? '' : String(value));
}

/** A key that is the same for the same parts. */
export function keyOf(...parts) {
  return parts.join('\u0001');
}
