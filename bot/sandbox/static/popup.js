// Where does a list or menu stand, so that it is seen whole beside what opened it?

const MARGIN = 8;
const GAP = 4;
const TALLEST = 440;

/** Show `popup` (a manual popover) at its anchor, below it where there is room. */
export function showAt(anchor, popup, { wide = false, right = false } = {}) {
  if (!popup.matches(':popover-open')) popup.showPopover();
  const at = anchor.getBoundingClientRect();
  const below = innerHeight - at.bottom - GAP - MARGIN;
  const above = at.top - GAP - MARGIN;
  const up = below < 160 && above > below;
  const set = (name, value) => popup.style.setProperty(name, value);
  set('max-height', `${Math.min(TALLEST, up ? above : below)}px`);
  if (wide) set('width', `${at.width}px`);
  const width = popup.getBoundingClientRect().width;
  const left = right ? at.right - width : at.left;
  set('left', `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`);
  set('top', up ? 'auto' : `${at.bottom + GAP}px`);
  set('bottom', up ? `${innerHeight - at.top + GAP}px` : 'auto');
}

export function hide(popup) {
  if (popup.matches(':popover-open')) popup.hidePopover();
}

/** Call `close` once when something outside of the nodes is touched, and `moved` when what they stand on scrolls. */
export function whenLeft(nodes, { close, moved }) {
  const inside = (event) => nodes.some((node) => node.contains(event.target));
  const touched = (event) => !inside(event) && end();
  const scrolled = (event) => event.target.contains?.(nodes[0]) && moved();
  const end = () => {
    stop();
    close();
  };
  const stop = () => {
    document.removeEventListener('pointerdown', touched, true);
    document.removeEventListener('scroll', scrolled, true);
  };
  document.addEventListener('pointerdown', touched, true);
  document.addEventListener('scroll', scrolled, true);
  return stop;
}
