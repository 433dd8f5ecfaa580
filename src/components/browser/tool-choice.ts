/** Remembers which tool a reader pulls with. */
import { readRemembered, remember } from '../../search/remembered.ts';

const name = 'tool';

/** Chooses the remembered tool, and remembers the next choice. */
export function rememberTool(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('input[name="tool"]')];
  if (inputs.length === 0) return;
  const chosen = readRemembered(name);
  for (const input of inputs) {
    if (input.value === chosen) input.checked = true;
    input.addEventListener('change', () => remember(name, input.value));
  }
}
