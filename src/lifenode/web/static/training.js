// Times of events in the zone of who looks; the choice is remembered.
const KEY = "lifenode-zone";
const times = [...document.querySelectorAll("time[data-instant]")];
const button = document.querySelector("[data-zone-switch]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

function words(from, until) {
  const start = new Date(from);
  const text = `${day.format(start)}, ${clock.format(start)}`;
  if (!until || until === from) return text;
  const end = new Date(until);
  const same = day.format(end) === day.format(start);
  return `${text} to ${same ? "" : `${day.format(end)}, `}${clock.format(end)}`;
}

for (const time of times) {
  time.given = { when: time.querySelector("[data-when]").textContent, zone: time.querySelector("[data-zone]")?.textContent };
}

function show(mine) {
  for (const time of times) {
    const zone = time.querySelector("[data-zone]");
    time.querySelector("[data-when]").textContent = mine ? words(time.dataset.instant, time.dataset.until) : time.given.when;
    if (zone) zone.textContent = mine ? own.replaceAll("_", " ") : time.given.zone;
  }
  if (button) button.textContent = mine ? "Show in the zone of each event" : `Show in my time zone (${own.replaceAll("_", " ")})`;
}

let mine = false;
try { mine = localStorage.getItem(KEY) === "own"; } catch { /* private mode */ }
if (times.length && button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    mine = !mine;
    try { localStorage.setItem(KEY, mine ? "own" : "event"); } catch { /* private mode */ }
    show(mine);
  });
}
if (times.length) show(mine);
