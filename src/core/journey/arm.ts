import type { NodeOf } from './graph.ts'

/**
 * Which arm of a split a client walks. No dice: a hash of client, node and salt, so that the same client goes
 * the same way in every run, every replay and every process, and two splits do not agree with one another.
 */
export function armFor(node: NodeOf<'split'>, client: string): string {
  const total = node.arms.reduce((sum, arm) => sum + arm.weight, 0)
  let left = unitHash(`${client}\n${node.id}\n${node.salt ?? ''}`) * total
  for (const arm of node.arms) {
    left -= arm.weight
    if (left < 0) return arm.exit
  }
  // Rounding may leave a crumb beyond the last arm.
  return node.arms.at(-1)!.exit
}

/** From 0 up to, not including, 1. FNV-1a over the characters, then murmur3's last mixing. */
export function unitHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // FNV alone leaves the high bits of similar ids alike, and the high bits are what decides here.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000
}
