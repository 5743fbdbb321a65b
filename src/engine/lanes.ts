/**
 * Group commit. Whatever waits is taken together, at most `batchMax`, by one of a few lanes; an idle lane takes
 * one at once, so that latency never pays for throughput. Nothing ever waits to fill a batch.
 */
export type Lanes<Item> = {
  submit(item: Item): void
  /** Resolves when nothing waits and no lane is busy. */
  idle(): Promise<void>
  readonly waiting: number
}

export const LANES = 2

export function makeLanes<Item>(batchMax: number, process: (batch: Item[]) => Promise<void>): Lanes<Item> {
  let queue: Item[] = []
  let busy = 0
  let watchers: (() => void)[] = []

  const run = async (): Promise<void> => {
    busy += 1
    try {
      while (queue.length > 0) {
        const batch = queue.length <= batchMax ? queue : queue.slice(0, batchMax)
        queue = queue.length <= batchMax ? [] : queue.slice(batchMax)
        await process(batch)
      }
    } finally {
      busy -= 1
      if (busy === 0 && queue.length === 0) {
        for (const tell of watchers) tell()
        watchers = []
      }
    }
  }

  return {
    submit(item) {
      queue.push(item)
      // The lane starts in a later microtask, so that items submitted together travel together.
      if (busy < LANES)
        void Promise.resolve().then(() => (busy < LANES && queue.length > 0 ? run() : undefined))
    },
    idle: () =>
      busy === 0 && queue.length === 0 ? Promise.resolve() : new Promise((resolve) => watchers.push(resolve)),
    get waiting() {
      return queue.length
    },
  }
}
