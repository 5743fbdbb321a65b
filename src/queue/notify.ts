import { BANDS } from '../core/wedding/priority.ts'
import { SHARDS } from '../engine/engine.ts'
import type { Db, Doorbell, Heard, Log, Ring } from '../ports.ts'
import { notify } from '../store/workers.ts'
import { gatherRings, neighbours } from './in-process.ts'
import { makeOutage } from './outage.ts'

/**
 * The doorbell of several processes without Redis: PostgreSQL's own notifications, heard by all; the owner of the
 * shard sees to it. A notification takes a lock over all commits, so each process sends few: the first at once, so
 * that an idle system is quick, then what has gathered, four times a second at most. A hint and nothing more (I4).
 */
export type NotifyDoorbell = Doorbell & { close(): Promise<void> }

export const RING_CHANNEL = 'wedsync_ring'
export const NOTIFY_EVERY_MS = 250

/** How main listens: postgres/listen.ts on the side line of this process. `onGap` follows each connect. */
export type Listen = (
  onHint: (channel: string, payload: string) => void,
  onGap: () => void,
) => { close(): Promise<void> }

export function notifyDoorbell(db: Db, log: Log, listen: Listen): NotifyDoorbell {
  const outage = makeOutage(log, {
    gone: 'Other processes cannot be told of new work; they find it by their sweep, up to two seconds later',
    back: 'Other processes are told of new work again',
  })
  let sentAt = Number.NEGATIVE_INFINITY
  let sending: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const gather = gatherRings(
    (rings) => {
      sentAt = performance.now()
      sending = send(rings)
    },
    (call) => {
      timer = setTimeout(call, Math.max(0, sentAt + NOTIFY_EVERY_MS - performance.now()))
    },
  )
  const bell = neighbours((rings) => {
    if (!closed) gather(rings)
  })

  async function send(rings: readonly Ring[]): Promise<void> {
    if (!outage.mayTry()) return
    try {
      await notify(db, RING_CHANNEL, written(rings))
      outage.worked()
    } catch (error) {
      outage.failed(error)
    }
  }

  // What was rung while the line was down is the sweep's; nobody needs to be woken for it.
  const line = listen(
    (channel, payload) => {
      if (channel === RING_CHANNEL)
        for (const ring of readRings(payload)) bell.deliver(ring, 'by_all' satisfies Heard)
    },
    () => undefined,
  )

  return {
    ring: bell.ring,
    onRing: bell.onRing,
    async close() {
      closed = true
      clearTimeout(timer)
      await sending
      await line.close()
    },
  }
}

/** `r12.0 e3.1`: all 512 rings there are take half of what a notification may carry. */
export const written = (rings: readonly Ring[]): string =>
  rings.map(({ of, shard, band }) => `${of === 'runs' ? 'r' : 'e'}${shard}.${band}`).join(' ')

/** Anybody may notify this channel: what is no ring is passed over. */
export function readRings(payload: string): Ring[] {
  return payload.split(' ').flatMap((word) => {
    const parts = /^([re])(\d{1,2})\.(\d)$/.exec(word)
    if (!parts) return []
    const ring: Ring = {
      of: parts[1] === 'r' ? 'runs' : 'effects',
      shard: Number(parts[2]),
      band: Number(parts[3]),
    }
    return ring.shard < SHARDS && ring.band < BANDS.length ? [ring] : []
  })
}
