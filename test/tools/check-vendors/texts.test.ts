import { generatedTexts, scenarioTexts } from "../../../tools/check-vendors/texts";

describe("scenarioTexts()", () => {
  it("returns the expected texts that are not refusals, with the router's version", () => {
    const texts = scenarioTexts("fortios", "expected.fortios.txt");

    expect(texts.map(({ file }) => file)).toContain("test/gateways/scenarios/bgp/expected.fortios.txt");
    expect(texts.find(({ file }) => file.includes("/hybrid/"))?.version).toBe("7.6.6");
    expect(texts.filter(({ text }) => text.startsWith("refused:"))).toEqual([]);
  });
});

describe("generatedTexts()", () => {
  it.each(["fortios", "panos"] as const)(
    "renders as many for %s as are asked for, the same for the same seed",
    (dialect) => {
      const texts = generatedTexts(dialect, ["11.0.0"], 20, 1);

      expect(new Set(texts.map(({ text }) => text)).size).toBe(20);
      expect(generatedTexts(dialect, ["11.0.0"], 20, 1)).toEqual(texts);
    },
  );
});
