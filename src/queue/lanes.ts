/**
 * Group commit. Whatever waits is taken together, at most `batchMax`, by one of two lanes; an idle lane takes one at
 * once, so that latency never pays for throughput. Nothing ever waits to fill a batch. A more urgent band fills a
 * batch first. What is critical travels alone, and has a lane of its own beside the two: a wedding day neither waits
 * for a batch of others nor is made slow by five hundred of them in its own.
 */
export type Lanes<Item> = {
  submit(item: Item, band: number): void
  readonly waiting: number
  /** Nothing waits and no lane is busy. */
  readonly quiet: boolean
}

export const LANES = 2
const CRITICAL_BAND = 0

/** `process` must not throw: what goes wrong with a batch is its own affair. */
export function makeLanes<Item>(
  batchMax: number,
  bands: number,
  process: (batch: Item[]) => Promise<void>,
): Lanes<Item> {
  const queues: Item[][] = Array.from({ length: bands }, () => [])
  const critical = queues[CRITICAL_BAND]!
  let waiting = 0
  let busy = 0
  let criticalBusy = false

  function nextBatch(): Item[] {
    const batch: Item[] = []
    for (const queue of critical.length > 0 ? [critical] : queues) {
      const room = batchMax - batch.length
      if (room === 0) break
      for (const item of queue.splice(0, room)) batch.push(item)
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

  async function runCritical(): Promise<void> {
    criticalBusy = true
    try {
      while (critical.length > 0) await process(nextBatch())
    } finally {
      criticalBusy = false
    }
  }

  function begin(): void {
    if (waiting > 0 && busy < LANES) void run()
    else if (critical.length > 0 && !criticalBusy) void runCritical()
  }

  return {
    submit(item, band) {
      queues[band]!.push(item)
      waiting += 1
      // The lane starts in a later microtask, so that items submitted together travel together.
      if (busy < LANES || (band === CRITICAL_BAND && !criticalBusy)) queueMicrotask(begin)
    },
    get waiting() {
      return waiting
    },
    get quiet() {
      return busy === 0 && !criticalBusy && waiting === 0
    },
  }
}
