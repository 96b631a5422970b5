/* Peer: socket.io with its in-memory adapter, websocket transport only. `node io.js PORT`. */
import { createServer } from "node:http";
import { createRequire } from "node:module";

const { Server } = createRequire(process.env.PEERS + "/")("socket.io");
const http = createServer((request, response) => {
  const number = new URL(request.url, "http://x").searchParams.get("n");
  io.emit("event", { type: "event", cid: `PUB${number}:${process.hrtime.bigint()}`, pad: "0".repeat(260) });
  response.end();
});
const io = new Server(http, { transports: ["websocket"], pingInterval: 600_000, perMessageDeflate: false });
http.listen(Number(process.argv[2]), "127.0.0.1");
