import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * A transaction that opens another waits for a connection while it holds one: with enough of them at once all
 * wait for ever. So every driver refuses it where it is written, instead of under load.
 */
export type Nesting = {
  /** Throws when called from within a transaction of the same database that is still open. */
  refuseInside(name: string): void
  /** Runs the work of a transaction so that what it begins is recognised. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>
}

export function watchNesting(): Nesting {
  const inside = new AsyncLocalStorage<{ readonly name: string; open: boolean }>()
  return {
    refuseInside(name) {
      const outer = inside.getStore()
      if (outer?.open) throw new Error(`"${name}" was begun inside the transaction "${outer.name}".`)
    },
    async run(name, work) {
      const self = { name, open: true }
      try {
        return await inside.run(self, work)
      } finally {
        // What was left running behind may begin transactions of its own.
        self.open = false
      }
    },
  }
}
