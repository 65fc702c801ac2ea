/**
 * What a peer's host page loads in place of Oriel's loader: makes the iframe, asks
 * the page's token endpoint at the same moment, and hands the token over a port.
 */

const script = document.currentScript;
const origin = new URL(script.src).origin;

for (const place of document.querySelectorAll("[data-peer]")) {
  const frame = document.createElement("iframe");
  frame.title = "Projects and tasks";
  frame.style.cssText = "display:block;width:100%;height:640px;border:0";
  frame.src = `${origin}/${place.dataset.peer}/?range=${place.dataset.range}`;
  place.append(frame);

  const grant = fetch(place.dataset.tokenEndpoint, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ embed: place.dataset.embed }),
  }).then((response) => response.json());

  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || event.data !== "hello") return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => void (frame.style.height = `${data.height}px`);
    frame.contentWindow.postMessage("connect", origin, [port2]);
    grant.then((body) => port1.postMessage(body));
  });
}
