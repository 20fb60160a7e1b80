// Preloaded into the provider's process: its clock runs ahead by the milliseconds that a file holds.
const { readFileSync } = require("node:fs");
const process = require("node:process");

const now = Date.now;
Date.now = () => now() + Number(readFileSync(process.env.CLOCK_AHEAD_FILE, "utf8"));
