import { homedir } from "node:os";
import { cacheRoot, pathDirectories } from "../../../tools/pulumi-cli/paths";

describe("cacheRoot()", () => {
  const own = "pulumi-cloudflare-ipsec-psk/pulumi-cli/3.1.2";

  it.each([
    ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/xdg", HOME: "/home/me" }, `/xdg/${own}`],
    ["HOME if XDG_CACHE_HOME is not set", { HOME: "/home/me" }, `/home/me/.cache/${own}`],
    ["HOME if XDG_CACHE_HOME is empty", { XDG_CACHE_HOME: "", HOME: "/home/me" }, `/home/me/.cache/${own}`],
    ["HOME if XDG_CACHE_HOME is relative", { XDG_CACHE_HOME: "x", HOME: "/home/me" }, `/home/me/.cache/${own}`],
    ["the user's home if nothing is set", {}, `${homedir()}/.cache/${own}`],
  ])("is under %s", (_, env, root) => {
    expect(cacheRoot(env, "3.1.2")).toBe(root);
  });
});

describe("pathDirectories()", () => {
  it.each([
    ["/b:/a:/b", ["/b", "/a"]],
    ["/a::/b:", ["/a", "/b"]],
    [undefined, []],
  ])("splits %j in order, without duplicates", (path, directories) => {
    expect(pathDirectories({ PATH: path })).toEqual(directories);
  });
});
