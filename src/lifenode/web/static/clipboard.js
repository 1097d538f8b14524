// Copying, and saying so on the button.
const SHOWN_FOR = 1500;

export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C";
  }
  setTimeout(() => {
    button.textContent = before;
  }, SHOWN_FOR);
}
