// Somebody of each role in a region that is otherwise empty.

import { PASSWORD } from "./program.mjs";

/** Invites and joins them over the API; answers how they sign in. */
export async function cast(program) {
  const call = async (token, path, body) => {
    const answer = await fetch(`${program.base}/api/v1${path}`, {
      method: body ? "POST" : "GET", body: body && JSON.stringify(body),
      headers: { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) },
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${said}`);
    return said && JSON.parse(said);
  };
  const join = async (email) => {
    const token = (await program.link(email, "join")).split("/").at(-1);
    return (await call(null, "/auth/join", { token, password: PASSWORD })).access_token;
  };
  const operator = (await call(null, "/auth/sign-in", { email: "operator@coop.example", password: PASSWORD })).access_token;
  const people = [{ role: "operator", email: "operator@coop.example" }];
  const own = (await call(operator, "/me")).organisation.id;
  const authority = await call(operator, "/authorities", { gss_code: "E06000038" });
  for (const role of ["auditor", "commissioner", "approver"]) {
    const email = `${role}@reading.example`;
    await call(operator, "/people", { organisation_id: role === "auditor" ? own : authority.id, name: "Some Body", email, role });
    await join(email);
    people.push({ role, email });
  }
  const person = { name: "Pro Vider", email: "provider_admin@acorn.example" };
  await call(null, "/provider-registrations", { name: "Acorn Care Ltd", company_number: "01234567", person });
  const provider = await join(person.email);
  people.push({ role: "provider_admin", email: person.email });
  const at = (await call(provider, "/me")).organisation.id;
  await call(provider, "/people", { organisation_id: at, name: "Bid Der", email: "bidder@acorn.example", role: "bidder" });
  await join("bidder@acorn.example");
  return [...people, { role: "bidder", email: "bidder@acorn.example" }];
}
