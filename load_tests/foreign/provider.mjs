// A certified OpenID provider of somebody else, for one client: whoever signs in as "verified" has
// a verified document number, whoever signs in as anybody else the same number, not verified.
import Provider from "oidc-provider";

const [port, redirect, number] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "platform", client_secret: "of a client: in tests only", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], identity: ["document_number", "document_number_verified"] },
  pkce: { required: () => true },
  findAccount: async (_context, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, document_number: number, document_number_verified: id === "verified" }),
  }),
});
provider.listen(Number(port), "127.0.0.1");
