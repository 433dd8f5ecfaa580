/** Remembers which tool a reader pulls with. */

const key = 'registry-homepage.tool';

/** Chooses the remembered tool, and remembers the next choice. */
export function rememberTool(): void {
  const inputs = [...document.querySelectorAll<HTMLInputElement>('input[name="tool"]')];
  if (inputs.length === 0) return;
  const chosen = readChoice();
  for (const input of inputs) {
    if (input.value === chosen) input.checked = true;
    input.addEventListener('change', () => writeChoice(input.value));
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage may be switched off; then nothing is remembered.
    return null;
  }
}

function writeChoice(tool: string): void {
  try {
    localStorage.setItem(key, tool);
  } catch {
    // As above.
  }
}
