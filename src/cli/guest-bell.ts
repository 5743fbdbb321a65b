import type { Db, Doorbell, Log } from '../ports.ts'
import { type NotifyDoorbell, notifyDoorbell } from '../queue/notify.ts'

/**
 * The doorbell of a command: it wakes the workers of other programs and hears nothing itself. It is made before the
 * database it rings over, so it rings from the moment it is connected.
 */
export type GuestBell = {
  readonly doorbell: Doorbell
  connect(db: Db, log: Log): void
  close(): Promise<void>
}

export function guestBell(): GuestBell {
  let outward: NotifyDoorbell | null = null
  return {
    doorbell: { ring: (rings) => outward?.ring(rings), onRing: () => () => undefined },
    connect(db, log) {
      outward = notifyDoorbell(db, log, () => ({ close: async () => undefined }))
    },
    async close() {
      // What was rung in this very moment is on its way before the line is closed.
      await new Promise((resolve) => setImmediate(resolve))
      await outward?.close()
    },
  }
}
