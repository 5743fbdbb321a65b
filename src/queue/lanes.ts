/**
 * Group commit. Whatever waits is taken together, at most `batchMax`, by one of two lanes; an idle lane takes one at
 * once, so that latency never pays for throughput. Nothing ever waits to fill a batch. The most urgent band fills
 * a batch first: a wedding day waits for one batch at most, however long the queue.
 */
export type Lanes<Item> = {
  submit(item: Item, band: number): void
  readonly waiting: number
  /** Nothing waits and no lane is busy. */
  readonly quiet: boolean
}

export const LANES = 2

/** `process` must not throw: what goes wrong with a batch is its own affair. */
export function makeLanes<Item>(
  batchMax: number,
  bands: number,
  process: (batch: Item[]) => Promise<void>,
): Lanes<Item> {
  const queues: Item[][] = Array.from({ length: bands }, () => [])
  let waiting = 0
  let busy = 0

  function nextBatch(): Item[] {
    const batch: Item[] = []
    for (const [band, queue] of queues.entries()) {
      const room = batchMax - batch.length
      if (room === 0) break
      if (queue.length <= room) {
        for (const item of queue) batch.push(item)
        if (queue.length > 0) queues[band] = []
      } else for (const item of queue.splice(0, room)) batch.push(item)
    }
    waiting -= batch.length
    return batch
  }

  async function run(): Promise<void> {
    busy += 1
    try {
      while (waiting > 0) await process(nextBatch())
    } finally {
      busy -= 1
    }
  }

  return {
    submit(item, band) {
      queues[band]!.push(item)
      waiting += 1
      // The lane starts in a later microtask, so that items submitted together travel together.
      if (busy < LANES) void Promise.resolve().then(() => (busy < LANES && waiting > 0 ? run() : undefined))
    },
    get waiting() {
      return waiting
    },
    get quiet() {
      return busy === 0 && waiting === 0
    },
  }
}
