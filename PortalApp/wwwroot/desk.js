// What the desk does beyond its components: "/" goes to the search, times are told in the reader's zone, and a lost connection is said plainly.
const dialog = document.getElementById("components-reconnect-modal");
dialog?.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  dialog.dataset.state = detail.state;
  if (detail.state === "hide") dialog.close();
  else if (!dialog.open) dialog.show();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const find = document.getElementById("find");
  if (find === null) return;
  event.preventDefault();
  find.focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) navigator.clipboard?.writeText(button.dataset.copy);
});

function tellTimes() {
  for (const time of document.querySelectorAll("time[data-local]:not([title])")) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "long" });
    time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  }
}

new MutationObserver(tellTimes).observe(document.body, { childList: true, subtree: true });
tellTimes();
