/**
 * FNV-1a, 64 bits (RFC 9923), as 16 hexadecimal digits: enough to tell things of one person apart, without the 3 MB that
 * node:crypto keeps in memory. Somebody who wants two texts with the same one finds them.
 */
export function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
