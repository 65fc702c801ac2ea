/**
 * The frame's own key, and reads that prove who holds it (DPoP, RFC 9449): a token
 * that is bound to the key is of no use anywhere else. The private key cannot be
 * exported and lives in a closure here. It must not know where tokens come from.
 */

/** What a token says of itself. Whether that is true is the server's to check. */
export interface Claims {
  emb?: unknown;
  iat?: unknown;
  /** The key that the token is bound to, by its thumbprint (RFC 9449 §6.1). */
  cnf?: { jkt?: unknown };
}

/** What a read may have besides path and token. */
export interface ReadOptions {
  headers?: Record<string, string>;
  cache?: RequestCache;
}

export interface Prover {
  /** The key's thumbprint (RFC 7638), within `KEY_MS`; undefined where there is no key, and tokens stay unbound. */
  thumbprint: Promise<string | undefined>;
  /** Takes note of a token that has just come; whether this frame can read with it. */
  accepts(claims: Claims): boolean;
  /** Reads with `token`, and with a new proof for each attempt if the token is bound. */
  read(path: string, token: string, signal?: AbortSignal, options?: ReadOptions): Promise<Response>;
}

interface Key {
  privateKey: CryptoKey;
  /** The public key's required members alone, in the order of its thumbprint (RFC 7638 §3.2 and §3.3). */
  jwk: JsonWebKey;
  thumbprint: string;
}

/** A key takes a few milliseconds. One that takes this long is done without. */
const KEY_MS = 1_000;
const READ_MS = 30_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Makes the key at once. */
export function createProver(make = makeKey): Prover {
  let key: Key | undefined;
  /** The server's time when the steady clock began, in seconds: the viewer's own clock may be minutes off. */
  let epoch = 0;
  const steady = (): number => performance.now() / 1_000;
  const isNow = (seconds: number): void => void (epoch = seconds - steady());

  const late = new Promise<undefined>((resolve) => setTimeout(resolve, KEY_MS));
  // Outside a secure context there is no `crypto.subtle`.
  const thumbprint = Promise.race([make().catch(() => undefined), late]).then((made) => (key = made)?.thumbprint);

  const authorize = async (path: string, token: string): Promise<Record<string, string>> => {
    if (!key || !claimsOf(token).cnf) return { authorization: `Bearer ${token}` };
    const { jwk, privateKey } = key;
    const proof = {
      jti: base64url(crypto.getRandomValues(new Uint8Array(16))),
      htm: "GET",
      htu: location.origin + path.split("?")[0],
      iat: Math.floor(epoch + steady()),
      ath: await sha256(token),
    };
    const signed = `${part({ typ: "dpop+jwt", alg: "ES256", jwk })}.${part(proof)}`;
    const signature = await crypto.subtle.sign(ALGORITHM, privateKey, bytes(signed));
    return { authorization: `DPoP ${token}`, dpop: `${signed}.${base64url(signature)}` };
  };

  return {
    thumbprint,
    accepts({ cnf, iat }) {
      isNow(Number(iat));
      return !cnf || cnf.jkt === key?.thumbprint;
    },
    async read(path, token, signal = AbortSignal.timeout(READ_MS), { headers, ...options } = {}) {
      const send = async (): Promise<Response> =>
        fetch(path, { ...options, headers: { ...headers, ...(await authorize(path, token)) }, credentials: "omit", signal });
      const response = await send();
      const { status, headers: told } = response;
      const date = Date.parse(told.get("date") ?? "");
      if (status !== 401 || !date || !told.get("www-authenticate")?.includes('error="invalid_dpop_proof"')) return response;
      // A machine that slept, or a token that was under way for long, made a proof of another time.
      isNow(date / 1_000);
      return send();
    },
  };
}

/** What `token` says; nothing where it is none. */
export function claimsOf(token: string): Claims {
  try {
    const claims = token.split(".")[1] ?? "";
    return Object(JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")))) as Claims;
  } catch {
    return {};
  }
}

/** Makes a key that can sign, and leave the browser in no way. */
async function makeKey(): Promise<Key> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const jwk = { crv, kty, x, y } as JsonWebKey;
  return { privateKey, jwk, thumbprint: await thumbprintOf(jwk) };
}

/** The thumbprint of a key that has its required members, in order, and no others (RFC 7638). */
export function thumbprintOf(jwk: JsonWebKey): Promise<string> {
  return sha256(JSON.stringify(jwk));
}

async function sha256(text: string): Promise<string> {
  return base64url(await crypto.subtle.digest("SHA-256", bytes(text)));
}

function part(value: object): string {
  return base64url(bytes(JSON.stringify(value)));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(data: ArrayBuffer | Uint8Array): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(data)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
