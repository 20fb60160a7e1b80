// Loaded before the demo, whose output goes into a pipe but must look as it does in a terminal.
const process = require("node:process");

Object.defineProperty(process.stdout, "isTTY", { value: true });
