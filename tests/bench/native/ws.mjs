/* Peer: node `ws`, each client sent the same prepared buffer. `node ws.js PORT`. */
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { WebSocketServer } = createRequire(process.env.PEERS + "/")("ws");
const http = createServer((request, response) => {
  const number = new URL(request.url, "http://x").searchParams.get("n");
  const text = JSON.stringify({ type: "event", cid: `PUB${number}:${process.hrtime.bigint()}`, pad: "0".repeat(260) });
  const data = Buffer.from(text);
  for (const client of server.clients) client.send(data, { binary: false });
  response.end();
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
http.listen(Number(process.argv[2]), "127.0.0.1");
