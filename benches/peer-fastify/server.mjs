// The yardstick of `cargo xtask bench read`: a page of tasks as an experienced
// Node developer would serve it, from the very database that Oriel reads, with
// the same token checked on every request. It leaves out the number of all
// matches, which Oriel counts and sends with each page.
import { createPublicKey } from "node:crypto";
import Database from "better-sqlite3";
import { createVerifier } from "fast-jwt";
import Fastify from "fastify";

const { PEER_DATABASE, PEER_JWK, PEER_ISSUER, PEER_PORT } = process.env;
const db = new Database(PEER_DATABASE, { readonly: true });
const key = createPublicKey({ key: JSON.parse(PEER_JWK), format: "jwk" }).export({ type: "spki", format: "pem" });
const verify = createVerifier({ key, algorithms: ["EdDSA"], allowedIss: PEER_ISSUER, allowedAud: "oriel:embed" });

const SORTS = new Set(["updated_at", "created_at", "due_on", "completed_at", "priority", "title"]);
const PRIORITIES = ["urgent", "high", "medium", "low", "none"];
const today = Math.floor(Date.now() / 86_400_000);
const statements = new Map();
const instant = (millis) => (millis === null ? null : new Date(millis).toISOString());
const day = (number) => (number === null ? null : new Date(number * 86_400_000).toISOString().slice(0, 10));

function find(tenant, { sort = "-updated_at", status, assignee, overdue, q, limit = "50" }) {
  const column = sort.replace(/^-/, "");
  if (!SORTS.has(column)) throw new Error("unknown sort");
  const where = ["t.tenant_id = ?"];
  const values = [tenant];
  if (status) {
    const wanted = status.split(",");
    where.push(`t.status IN (${wanted.map(() => "?").join()})`);
    values.push(...wanted);
  }
  if (assignee === "none") where.push("t.assignee_id IS NULL");
  if (overdue === "true") {
    where.push("t.status IN ('todo', 'in_progress', 'blocked') AND t.due_on < ?");
    values.push(today);
  } else if (overdue === "false") {
    where.push("(t.status IN ('done', 'cancelled') OR t.due_on IS NULL OR t.due_on >= ?)");
    values.push(today);
  }
  if (q) {
    where.push("t.search_text LIKE ?");
    values.push(`%${q.toLowerCase()}%`);
  }
  // Tasks without the value come last: a first page never gets to them, and
  // leaving them out lets an index give the order.
  if (column === "due_on" || column === "completed_at") where.push(`t.${column} IS NOT NULL`);
  const direction = sort.startsWith("-") ? "DESC" : "ASC";
  const text = `SELECT t.*, p.name AS project_name, u.name AS assignee_name FROM tasks t
    JOIN projects p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
    LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.assignee_id
    WHERE ${where.join(" AND ")}
    ORDER BY t.${column} ${direction}, t.id ${direction} LIMIT ?`;
  if (!statements.has(text)) statements.set(text, db.prepare(text));
  return statements.get(text).all(...values, Number(limit));
}

function shown(row) {
  const open = row.status !== "done" && row.status !== "cancelled";
  return {
    id: row.id,
    external_id: row.external_id,
    title: row.title,
    project: { id: row.project_id, name: row.project_name },
    status: row.status,
    priority: PRIORITIES[row.priority],
    assignee: row.assignee_id && { id: row.assignee_id, name: row.assignee_name },
    created_at: instant(row.created_at),
    started_at: instant(row.started_at),
    completed_at: instant(row.completed_at),
    due_on: day(row.due_on),
    overdue: open && row.due_on !== null && row.due_on < today,
    estimate_hours: row.estimate_hours,
    updated_at: instant(row.updated_at),
  };
}

const app = Fastify();
app.get("/healthz", async () => ({ status: "ok" }));
app.get("/v1/embed/tasks", async (request, reply) => {
  const token = request.headers.authorization?.replace(/^Bearer /, "");
  let claims;
  try {
    claims = verify(token);
  } catch {
    return reply.code(401).send({ code: "token_invalid" });
  }
  return { items: find(claims.tid, request.query).map(shown) };
});
await app.listen({ host: "127.0.0.1", port: Number(PEER_PORT) });
