import type { Doorbell, Heard, Ring } from '../ports.ts'

export type Rings = (rings: readonly Ring[]) => void

/** Collects rings until `later` calls: each shard and band is passed on once, however often it was rung. */
export function gatherRings(pass: Rings, later: (call: () => void) => void): Rings {
  let pending = new Map<string, Ring>()
  const passOn = (): void => {
    const rings = pending
    pending = new Map()
    pass([...rings.values()])
  }
  return (rings) => {
    if (rings.length === 0) return
    if (pending.size === 0) later(passOn)
    for (const ring of rings) pending.set(nameOf(ring), ring)
  }
}

/** What is told of a ring, and by what it is known: no colon, so that it may be the id of a job. */
export const nameOf = ({ of, shard, band }: Ring): string => `${of}-${shard}-${band}`

export type Neighbours = Doorbell & {
  /** A ring from outside, for the listeners of this process. */
  deliver(ring: Ring, heard: Heard): void
}

/**
 * The listeners of this process first: the worker that made work may do it, if it has room. Only what nobody here
 * takes goes out. Rings of one moment travel together: a thousand effects planned in one commit ring once.
 */
export function neighbours(outward: Rings): Neighbours {
  const listeners = new Set<(ring: Ring, heard?: Heard) => boolean>()
  const deliver = (ring: Ring, heard: Heard): boolean => {
    let taken = false
    for (const listener of listeners) taken = listener(ring, heard) || taken
    return taken
  }
  return {
    ring: gatherRings(
      (rings) => outward(rings.filter((ring) => !deliver(ring, 'alone'))),
      (call) => queueMicrotask(call),
    ),
    onRing(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    deliver,
  }
}

/** The doorbell of a program that is one process: there is nobody outside. */
export function inProcessDoorbell(): Doorbell {
  return neighbours(() => undefined)
}
