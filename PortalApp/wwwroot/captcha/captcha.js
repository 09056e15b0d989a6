// Sets the widget up (its worker and its sentences come from this origin, in the page's language, which it takes for English) and lets a form
// wait for it: a press on the submit button while the work still runs, or has failed or expired, is carried out as soon as it is done.
import "/lib/altcha/altcha.min.js";

const algorithm = "PBKDF2/SHA-256";
$altcha.algorithms.set(algorithm, () => new Worker("/lib/altcha/workers/pbkdf2.js"));
for (const widget of document.querySelectorAll("altcha-widget[data-strings]")) {
  $altcha.i18n.set("en", { ...$altcha.i18n.get("en"), ...JSON.parse(widget.dataset.strings) });
}

const waiting = new WeakSet();

document.addEventListener("click", (event) => {
  const submitter = event.target.closest?.("button, input");
  const form = submitter?.form;
  const widget = form?.querySelector("altcha-widget");
  if (submitter?.type !== "submit" || !widget || widget.getState?.() === "verified") {
    return;
  }

  const othersAreValid = [...form.elements].every((field) => widget.contains(field) || field.checkValidity());
  if (!othersAreValid) {
    return;
  }

  event.preventDefault();
  if (!waiting.has(form)) {
    waiting.add(form);
    submitWhenSolved(form, submitter, widget);
  }

  // Without a state the widget has not begun: it will, by itself.
  if (widget.getState && widget.getState() !== "verifying") {
    widget.verify();
  }
}, true);

function submitWhenSolved(form, submitter, widget) {
  const line = form.querySelector(".captcha-wait");
  line.textContent = line.dataset.wait;
  form.setAttribute("aria-busy", "true");
  const onState = ({ detail }) => {
    // A run that another one took the place of ends as an error: only what is verified ends the wait.
    line.textContent = detail.state === "verifying" || detail.state === "verified" ? line.dataset.wait : "";
    if (detail.state !== "verified") {
      return;
    }

    widget.removeEventListener("statechange", onState);
    waiting.delete(form);
    form.removeAttribute("aria-busy");
    line.textContent = "";
    // The widget writes its hidden field and ticks its box in the turn after the event.
    setTimeout(() => form.requestSubmit(submitter));
  };
  widget.addEventListener("statechange", onState);
}
