// Signing in.

import { call } from "../core/api.js";
import { $ } from "../core/dom.js";
import { t } from "../core/i18n.js";

const form = $("#login");
const message = $("#login-error");
const own = (path) => (/^\/(?![/\\])[^\\\s]*$/.test(path) ? path : "/");

function complain(error) {
  message.hidden = false;
  if (error.status === 401) message.textContent = t("login.wrong");
  else if (error.status === 429) message.textContent = t("login.too_many", { seconds: error.retryAfter ?? 60 });
  else message.textContent = error.message;
  $("#field-password").select();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector('[type="submit"]');
  const data = new FormData(form);
  button.setAttribute("aria-busy", "true");
  message.hidden = true;
  try {
    await call("POST", "/auth/login", { username: data.get("username"), password: data.get("password") }, { anonymous: true });
    location.assign(own(form.dataset.next));
  } catch (error) {
    complain(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
$("#field-username").focus();

// The hour of this session may be over while its week is not: then nobody is asked for the password again.
if (document.querySelector('meta[name="csrf-token"]')?.content) {
  call("POST", "/auth/refresh", {}, { anonymous: true })
    .then(() => location.replace(own(form.dataset.next)))
    .catch(() => form.removeAttribute("aria-busy")); // the week is over too: the form is there
}
