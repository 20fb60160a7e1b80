import { unpackedAt } from "./build";
import { startDaemon } from "./daemon";
import { unpackStrongswan } from "./debian-packages";

/** Unpacks strongSwan 6, starts and ends its daemon, and prints the folder. A process of its own, because tests are found synchronously. */
async function main(): Promise<void> {
  const root = unpackStrongswan();
  const daemon = await startDaemon([], unpackedAt(root));
  await daemon.close();
  process.stdout.write(root);
}

main().catch((error: unknown) => {
  process.stderr.write((error as Error).message);
  process.exitCode = 1;
});
