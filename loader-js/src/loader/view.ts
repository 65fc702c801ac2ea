/**
 * What the element shows itself. Everything goes through CSSOM and text nodes,
 * so that a host's CSP needs no word about styles.
 */

const CSS = `
:host{display:block}
:host([hidden]){display:none}
iframe{display:block;width:100%;border:0;color-scheme:normal}
div{display:grid;place-content:center;justify-items:center;gap:12px;box-sizing:border-box;min-height:240px;padding:24px;border:1px solid #d5dae1;border-radius:8px;background:#fff;color:#3d4654;font:15px/1.5 system-ui,sans-serif;text-align:center}
p{margin:0}
button{padding:7px 16px;border:1px solid #8a94a3;border-radius:6px;background:#fff;color:inherit;font:inherit;cursor:pointer}
button:hover{background:#f2f4f7}
`;

/** A sheet of its own for each element: two elements share nothing. */
export function styles(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}

/** What stands in place of a dashboard that cannot be shown. */
export function fallback(retry: () => void): HTMLElement {
  const text = document.createElement("p");
  text.textContent = "The dashboard could not be loaded.";
  text.setAttribute("role", "alert");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Try again";
  button.addEventListener("click", retry);
  const box = document.createElement("div");
  box.append(text, button);
  return box;
}
