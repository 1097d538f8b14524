// A form says at once that it works, and takes a file that is dropped anywhere on the page.
const form = document.querySelector(".asked form");

form?.addEventListener("submit", () => {
  form.dataset.busy = "";
  const button = form.querySelector("button.main");
  button.textContent = "Working";
});

// Back to the page: it is not busy any more.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const field = document.querySelector("#query");
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  const file = event.dataTransfer?.files[0];
  if (!file || !field) return;
  event.preventDefault();
  if (event.target.matches?.("textarea")) event.target.value = await file.text();
  else field.value = await file.text();
});

// On a phone the form is in the way once there is an answer.
const columns = document.querySelector(".columns.answered");
if (columns && matchMedia("(max-width: 760px)").matches) {
  const fold = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = "Change the question";
  fold.className = "folded";
  const asked = columns.querySelector(".asked");
  fold.append(summary, ...asked.childNodes);
  asked.append(fold);
}
