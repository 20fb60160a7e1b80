// Jest starts the tests first that took longest. On a machine that has never run them it guesses by the size of the file: then the
// fault matrix, which takes as long as many others together, would start last, and keep one core of two waiting.
const Sequencer = require("@jest/test-sequencer").default;

const LONGEST = [
  "e2e/fault-matrix/fault-matrix.test.ts",
  "e2e/interruption/kill.test.ts",
  "e2e/limits.test.ts",
  "e2e/native/languages.test.ts",
  "e2e/interruption/random-kills.test.ts",
];

const rank = ({ path }) => {
  const index = LONGEST.findIndex((file) => path.endsWith(file));
  return index === -1 ? LONGEST.length : index;
};

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
