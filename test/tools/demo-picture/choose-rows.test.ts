import { chooseRows, firstSteps } from "../../../tools/demo-picture/choose-rows";
import { styledLines, textOf } from "../../../tools/demo-picture/styled-lines";

interface Run {
  readonly port: number;
  readonly id: string;
  readonly ray: string;
  readonly seconds: string;
}

const outputOf = ({ port, id, ray, seconds }: Run): string => `\
A simulated Cloudflare is listening on http://127.0.0.1:${port}/client/v4. The Pulumi engine is real.

1. A preview
   | Previewing update (dev):
   |  +  pulumi:pulumi:Stack demo-dev creating (${seconds})
   |  ++ pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk branch-1 create replacement [diff: ~ipsecTunnelId]
   |     pulumi:pulumi:Stack demo-dev
   | Diagnostics:
   |   pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk (branch-1):
   |     A new key will be generated, active immediately: this resource's state has no key for tunnel ${id}.
   |     error: Cannot generate a key for IPsec tunnel 00000000000000000000000000000000 of account 0123456789abcdef0123456789abcdef
   |     Cloudflare said: 1032 IPsec tunnel not found (HTTP 404, Ray ID ${ray}-SIM)
   | Outputs:
   |     psk    : [secret]
   |${" "}
   | Resources:
   |     1 unchanged
   |     2 errored
   | Duration: ${seconds}
   ok: a fact

2. A file
   | # branch-1: IPsec tunnel to Cloudflare.
   | # A comment that is omitted, too:
   | connections {
   |   branch-1 {
   |     id = ${id}.33145236.ipsec.cloudflare.com
   |   }
   | }
   | secrets {
   |   secret = 0s[the key in Base64, hidden in this demo]
   | }
   FAILED: another fact

3. The end
   | The resources in the stack have been deleted, but the history is still maintained.
   | If you want to remove the stack completely, run \`pulumi stack rm dev\`.
   ok: a last fact

All checks passed.
`;

const rowsOf = (run: Run) =>
  chooseRows(styledLines(outputOf(run))).map((row) => (row === "omitted" ? "⋮" : textOf(row)));

describe("chooseRows()", () => {
  const rows = rowsOf({ port: 44153, id: "453e0b9a0e7d556a7ab3b20a55dc51e2", ray: "d071eef5929032b4", seconds: "2s" });

  it("shows titles, facts and the engine's messages, and marks adjacent omitted lines once", () => {
    expect(rows.join("\n")).toBe(`\
⋮

1. A preview
⋮
   | Diagnostics:
   |   pulumi-nodejs:dynamic/cloudflare:IpsecTunnelPsk (branch-1):
⋮
   |     error: Cannot generate a key for IPsec tunnel 00000000000000000000000000000000 of account 0123456789abcdef0123456789abcdef
⋮
   | Outputs:
   |     psk    : [secret]
⋮
   ok: a fact

2. A file
   | # branch-1: IPsec tunnel to Cloudflare.
⋮
   | secrets {
   |   secret = 0s[the key in Base64, hidden in this demo]
   | }
   FAILED: another fact

3. The end
⋮
   ok: a last fact

All checks passed.
`);
  });

  it("returns equal rows for each run", () => {
    const other = { port: 8080, id: "bd46974c14b55ddbb5a56e7b6881f668", ray: "0000000000000000", seconds: "0.23s" };

    expect(rowsOf(other)).toEqual(rows);
  });
});

describe("firstSteps()", () => {
  const rows = chooseRows(styledLines("1. A\n   ok: a\n2. B\n   ok: b\n3. C"));
  const textsOf = (count: number) => firstSteps(rows, count).map((row) => (row === "omitted" ? "⋮" : textOf(row)));

  it("ends before the title of the next step", () => {
    expect(textsOf(2)).toEqual(["1. A", "   ok: a", "2. B", "   ok: b"]);
  });

  it("returns all rows if there are no more steps", () => {
    expect(textsOf(3)).toHaveLength(rows.length);
  });
});
