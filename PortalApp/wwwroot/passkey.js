// Asks the browser for a passkey, or to make one, when the form around a [data-passkey] is sent, and sends what it gave instead.

const { credentials } = navigator;

/** What the browser gave, as JSON; null where it gave nothing: cancelled, none there, or no passkeys at all. */
export async function ask(kind, options) {
  try {
    const asked = JSON.parse(options);
    const given =
      kind === "create"
        ? await credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
        : await credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
    return JSON.stringify(given);
  } catch {
    return null;
  }
}

async function fill(form, place) {
  const failed = place.querySelector("[role=alert]");
  failed.hidden = true;
  place.dataset.asking = "";
  const given = await ask(place.dataset.passkey, place.dataset.options);
  delete place.dataset.asking;
  if (given === null) {
    failed.hidden = false;
    return;
  }

  place.querySelector("input").value = given;
  form.requestSubmit();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const place = form.querySelector("[data-passkey]");
  if (place === null || event.defaultPrevented || place.querySelector("input").value !== "") return;
  event.preventDefault();
  if (place.dataset.asking === undefined) fill(form, place);
});
