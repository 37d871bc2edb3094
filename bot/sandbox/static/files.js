// How does one put a file into a form?

import { h } from './dom.js';

/** A file_input: {key, element, state, id, upload(name, base64), clear(files)}. */
export function fileField({ key, element, state, id, describedby, invalid, upload, change }) {
  const files = state?.files ?? [];
  const most = element.max_files ?? 10;
  const accept = element.filetypes?.map((kind) => `.${kind}`).join(',');
  const take = async (event) => {
    const chosen = [...event.target.files].slice(0, most - files.length);
    event.target.value = '';
    for (const file of chosen) await upload(file.name, await base64(file));
  };
  const row = (file) =>
    h('li', { key: file.id ?? file.name }, h('span', null, file.name),
      h('button', {
        type: 'button', class: 'clear', 'aria-label': `Remove ${file.name}`,
        onclick: () => change(files.filter((one) => one !== file)),
      }, '✕'));
  return h('div', { key, class: 'files' },
    h('input', {
      id, type: 'file', accept, multiple: most > 1, disabled: files.length >= most, onchange: take,
      'aria-describedby': describedby, 'aria-invalid': invalid ? 'true' : undefined,
    }),
    files.length ? h('ul', null, files.map(row)) : null);
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
