/**
 * Returns by how many days a tunnel's keys come due before `rotateAfterDays`: 0 to `rotateSpreadDays`, always the same for
 * one tunnel, and as often each for many tunnels.
 */
export function spreadDays(ipsecTunnelId: string, rotateSpreadDays: number | undefined): number {
  // In a preview it may be unknown.
  return typeof rotateSpreadDays === "number" ? hash(ipsecTunnelId) % (rotateSpreadDays + 1) : 0;
}

// FNV-1a of 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/
function hash(text: string): number {
  return Buffer.from(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
