// Loaded into a process by NODE_OPTIONS: its clock is CLOCK_OFFSET_MS ahead, or behind if that is negative.
const realNow = Date.now;
const offsetMs = Number(process.env.CLOCK_OFFSET_MS ?? 0);
Date.now = () => realNow() + offsetMs;
