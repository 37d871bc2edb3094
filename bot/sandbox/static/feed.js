// How does the page hear of the workspace, and how does it act in it?
// The key that allows it came with the address and is a cookie by now.

const AGAIN_AFTER = 800;

/** Listen as this person until `close()`; the line is taken up again when it breaks. */
export function listen(person, { onSnapshot, onPanel, onLine }) {
  let socket = null;
  let ended = false;
  const open = () => {
    socket = new WebSocket(address(person));
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.type === 'snapshot') onSnapshot(told);
      else if (told.type === 'panel') onPanel(told.name);
    };
    socket.onopen = () => onLine(true);
    socket.onclose = () => {
      if (ended) return;
      onLine(false);
      setTimeout(() => !ended && open(), AGAIN_AFTER);
    };
  };
  open();
  return () => {
    ended = true;
    socket.close();
  };
}

function address(person) {
  const url = new URL('/feed', location.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (person) url.searchParams.set('as', person);
  return url;
}

/** Do something as this person: `{ok: true, …}` or `{ok: false, error}`, never an exception. */
export function act(person, verb, what = {}) {
  return post('/act', { as: person, verb, ...what });
}

export function post(path, body) {
  return call(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
}

export function get(path) {
  return call(path, {});
}

async function call(path, options) {
  try {
    const answer = await fetch(path, { ...options, cache: 'no-store' });
    const told = await answer.json();
    return { ok: answer.ok, ...told };
  } catch {
    return { ok: false, error: 'The sandbox does not answer. Is it still running?' };
  }
}
