/**
 * Which arm of a split a couple walks, reckoned apart from the engine: 32-bit FNV-1a over the characters, then the
 * last mixing of murmur3, as a share of the weights.
 */
const BITS = 2n ** 32n

export function armByHash(
  arms: readonly { readonly exit: string; readonly weight: number }[],
  text: string,
): string {
  const share = Number(mixed(fnv(text))) / Number(BITS)
  const total = arms.map((arm) => arm.weight).reduce((a, b) => a + b)
  let reached = 0
  for (const arm of arms) {
    reached += arm.weight / total
    if (share < reached) return arm.exit
  }
  return arms[arms.length - 1]!.exit
}

const times = (a: bigint, b: bigint): bigint => (a * b) % BITS

function fnv(text: string): bigint {
  let hash = 2_166_136_261n
  for (const one of text) hash = times(hash ^ BigInt(one.charCodeAt(0)), 16_777_619n)
  return hash
}

function mixed(hash: bigint): bigint {
  const first = times(hash ^ (hash / 2n ** 16n), 2_246_822_507n)
  const second = times(first ^ (first / 2n ** 13n), 3_266_489_909n)
  return second ^ (second / 2n ** 16n)
}
