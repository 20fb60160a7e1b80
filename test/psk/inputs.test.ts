import { INPUT_NAMES, inputProblems, malformedInputs, SHOWABLE_INPUTS, validInput } from "../../src/psk/inputs";
import { UNKNOWN } from "../../src/psk/sentinels";
import { GOOD_INPUTS, INPUT_SAMPLES } from "../support/input-samples";

describe.each(INPUT_NAMES)("the input %s", (name) => {
  const { good, wrong, reason } = INPUT_SAMPLES[name];

  it("accepts a good value", () => {
    expect(inputProblems(name, good)).toEqual([]);
    expect(validInput({ [name]: good }, name)).toEqual(good);
  });

  it("refuses a wrong value, and says why", () => {
    expect(inputProblems(name, wrong)).toEqual([{ property: name, reason }]);
    expect(validInput({ [name]: wrong }, name)).toBeUndefined();
  });

  it("is not judged while it is unknown", () => {
    expect(inputProblems(name, UNKNOWN)).toEqual([]);
    expect(validInput({ [name]: UNKNOWN }, name)).toBeUndefined();
  });
});

describe("SHOWABLE_INPUTS", () => {
  it("lacks the inputs that hold a key or what a program may keep secret", () => {
    const hidden = INPUT_NAMES.filter((name) => !SHOWABLE_INPUTS.has(name));

    expect(hidden).toEqual(["rotationTriggers", "psk", "existingKey"]);
  });
});

describe("malformedInputs()", () => {
  it("accepts every good value", () => {
    expect(malformedInputs(GOOD_INPUTS)).toEqual([]);
  });

  it("accepts a key that only another release may have accepted", () => {
    const psk = '"fake key in quotes"';
    const stored = { ...GOOD_INPUTS, psk, existingKey: { ...GOOD_INPUTS.existingKey, psk } };

    expect(malformedInputs(stored)).toEqual([]);
  });

  it("names the inputs that no release can have accepted", () => {
    const damaged = { ...GOOD_INPUTS, rotateAfterDays: 0, existingKey: { psk: "" } } as unknown as typeof GOOD_INPUTS;

    expect(malformedInputs(damaged)).toEqual(["rotateAfterDays", "existingKey.psk", "existingKey.lastGeneratedOn"]);
  });
});
