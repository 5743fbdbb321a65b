import type { Doorbell, Ring } from '../ports.ts'

/**
 * The doorbell inside one process. Rings of one moment are passed on together, each shard and band once: a thousand
 * effects planned in one commit ring once.
 */
export function inProcessDoorbell(): Doorbell {
  const listeners = new Set<(ring: Ring) => boolean>()
  let pending = new Map<string, Ring>()

  const passOn = (): void => {
    const rings = pending
    pending = new Map()
    for (const ring of rings.values()) for (const listener of listeners) listener(ring)
  }

  return {
    ring(rings) {
      if (listeners.size === 0) return
      if (pending.size === 0) queueMicrotask(passOn)
      for (const ring of rings) pending.set(`${ring.of}|${ring.shard}|${ring.band}`, ring)
    },
    onRing(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
