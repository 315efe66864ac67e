/** The page for integrators: asks for a key for trying out, and shows it once. */

const at = (id) => document.getElementById(id);

/** An id of random bits; `crypto.randomUUID` is only there over TLS. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function complain(text) {
  at("trouble").hidden = false;
  at("trouble").textContent = text;
}

at("try").addEventListener("click", async () => {
  at("try").disabled = true;
  at("trouble").hidden = true;
  try {
    const reply = await fetch(`/v1/try-out-systems/${newId()}`, { method: "PUT" });
    const said = await reply.json();
    if (!reply.ok) throw new Error(said.detail);
    at("client-id").textContent = said.client_id;
    at("client-secret").textContent = said.client_secret;
    at("key").hidden = false;
  } catch (failure) {
    complain(failure.message || "无法连接服务器 The server cannot be reached");
    at("try").disabled = false;
  }
});
