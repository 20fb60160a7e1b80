// An engine in a process of its own, which starts the plugin and may be killed. Arguments: what starts it, and the plugin.
const { spawn } = require("node:child_process");
const { createServer } = require("node:http2");
const process = require("node:process");

const [way, plugin] = process.argv.slice(2);
const engine = createServer();
engine.listen(0, "127.0.0.1", () => {
  const address = `127.0.0.1:${engine.address().port}`;
  // A launcher stays the plugin's parent. It is another process than the one that the engine has started.
  const [command, args] =
    way === "launcher" ? ["/bin/sh", ["-c", '"$0" "$@"; exit $?', plugin, address]] : [plugin, [address]];
  const child = spawn(command, args, { stdio: [way === "without input" ? "ignore" : "pipe", "pipe", "inherit"] });
  if (way === "input closed before") child.stdin.end();
  child.stdout.once("data", (line) => process.send({ address, port: Number(line) }));
});
