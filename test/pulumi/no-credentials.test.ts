import { noCredentials } from "../../src/pulumi/no-credentials";

describe("noCredentials()", () => {
  it("says both ways to set them", () => {
    expect(noCredentials()).toMatchObject({
      code: "ERR_NO_CREDENTIALS",
      message: expect.stringMatching(/cloudflare:apiToken.*CLOUDFLARE_API_TOKEN/) as string,
    });
  });
});
