// Loaded before the demo: its output goes into a pipe, and is to look as it does in a terminal.
const process = require("node:process");

Object.defineProperty(process.stdout, "isTTY", { value: true });
