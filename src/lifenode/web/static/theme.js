// Light, dark or as the system has it; kept in this browser only. Runs before the page is drawn.
(() => {
  const root = document.documentElement;
  const known = ["light", "dark"];
  const names = { light: "Light", dark: "Dark", "": "System theme" };

  const read = () => {
    try {
      const kept = localStorage.getItem("theme");
      return known.includes(kept) ? kept : "";
    } catch {
      return "";
    }
  };

  const show = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  const keep = (theme) => {
    try {
      if (theme) localStorage.setItem("theme", theme);
      else localStorage.removeItem("theme");
    } catch {
      // The choice holds for this page.
    }
  };

  let theme = read();
  show(theme);

  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-switch]");
    const label = () => {
      button.textContent = names[theme];
      button.setAttribute("aria-label", `Theme: ${names[theme]}. Press for the next.`);
    };
    label();
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = { "": "light", light: "dark", dark: "" }[theme];
      show(theme);
      keep(theme);
      label();
    });
  });
})();
