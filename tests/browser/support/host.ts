/**
 * A host page server for what the example portal does not do: other policies,
 * several dashboards on a page, token endpoints that misbehave.
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Reply {
  status?: number;
  body: string;
}

export interface HostPage {
  /** The page's Content-Security-Policy; the strictest that works, when left out. */
  policy?: string;
  /** More headers. */
  headers?: Record<string, string>;
  body: string;
  /** The tag that loads the loader, where it is not the usual one. */
  loader?: string;
  /** More script; served as a file of the page's own origin. */
  script?: string;
  /** What the page's token endpoints answer, by the last part of their path. Never settling is allowed. */
  tokens?: Record<string, (request: { embed: string; session?: string; dpop_jkt?: string }) => Promise<Reply>>;
}

export class Host {
  readonly #server: Server;
  readonly #loader: string;
  readonly #pages = new Map<string, HostPage>();

  private constructor(server: Server, embedOrigin: string) {
    this.#server = server;
    this.#loader = embedOrigin;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response));
  }

  static async start(embedOrigin: string, port: number): Promise<Host> {
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    return new Host(server, embedOrigin);
  }

  /** The origin that embeds allow. */
  get origin(): string {
    return `http://localhost:${this.#port}`;
  }

  /** The same pages on an origin that no embed allows. */
  get strangeOrigin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What a strict page has to allow, and not a word more. */
  get strictPolicy(): string {
    return `default-src 'none'; script-src ${this.#loader}; frame-src ${this.#loader}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  }

  /** Serves a page and gives its path. */
  page(page: HostPage): string {
    const path = `/p${this.#pages.size + 1}`;
    this.#pages.set(path, page);
    return path;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = "", action] = (request.url ?? "").split("/");
    const page = this.#pages.get(`/${name}`);
    // A page without an icon would leave a complaint of the browser's own.
    if (name === "favicon.ico") return void response.writeHead(204).end();
    if (!page) return void response.writeHead(404).end();
    if (action === "script.js") return void response.writeHead(200, { "content-type": "text/javascript" }).end(page.script ?? "");
    if (action !== undefined) return this.#token(page, action, request, response);
    const own = page.script === undefined ? "" : `<script src="/${name}/script.js" defer></script>`;
    const policy = page.policy ?? this.strictPolicy + (page.script === undefined ? "" : `; script-src-elem 'self' ${this.#loader}`);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, ...page.headers });
    const loader = page.loader ?? `<script src="${this.#loader}/v1/loader.js" async></script>`;
    response.end(`<!doctype html><html lang="en"><head><title>Host</title>${loader}${own}</head><body>${page.body.replaceAll("{page}", `/${name}`)}</body></html>`);
  }

  async #token(page: HostPage, action: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = page.tokens?.[action];
    if (!answer) return void response.writeHead(404).end();
    const { status = 200, body } = await answer(JSON.parse(Buffer.concat(chunks).toString()) as { embed: string });
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(body);
  }
}
