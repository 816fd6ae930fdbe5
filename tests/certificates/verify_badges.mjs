// Verifies badges with the Digital Credentials Consortium's own verifier, and without a network: all
// that it asks for is answered from what it was given, and contexts come with its packages.
//   node verify_badges.mjs < {"badges": […], "documents": {"https://…": "…"}}

import { readFileSync } from "node:fs";

const { badges, documents } = JSON.parse(readFileSync(0, "utf8"));
const asked = [];

globalThis.fetch = async (request) => {
    const url = typeof request === "string" ? request : request.url;
    asked.push(url);
    if (!(url in documents)) throw new TypeError(`nothing to be fetched at ${url}`);
    return new Response(documents[url], { headers: { "content-type": "application/json" } });
};
console.log = console.error; // the verifier's own remarks

const { verifyCredential } = await import("@digitalcredentials/verifier-core");

const found = [];
for (const credential of badges) {
    const { log, errors } = await verifyCredential({ credential, knownDIDRegistries: [] });
    const steps = (log ?? []).map(({ id, valid, error }) => [id, error ? error.name : valid]);
    found.push({
        steps: Object.fromEntries(steps),
        errors: (errors ?? []).map(({ name }) => name),
    });
}
process.stdout.write(JSON.stringify({ found, asked }));
