import { setTimeout as sleep } from 'node:timers/promises'

/** Wall-clock milliseconds with a fraction: comparable with a due time and fine enough for a latency. */
export const wallMs = (): number => performance.timeOrigin + performance.now()

/** Nearest-rank quantile; of nothing there is none. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('no values, no quantile')
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
}

/** The middle value, or the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values, no median')
  const sorted = Float64Array.from(values).sort()
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** A due time far enough ahead to schedule `items` at `msPerItem` first, even on a slow day. */
export const dueAfter = (items: number, msPerItem: number): number =>
  Math.ceil(Date.now() + 2_000 + items * msPerItem)

/** A timer that was scheduled after its time measures the scheduling. */
export function assertAhead(due: number): void {
  const late = Date.now() - due
  if (late > 0) throw new Error(`scheduling took ${late} ms longer than the time left for it`)
}

/** Asks until the answer is yes. The harness bounds the waiting by ending the process. */
export async function until(yes: () => Promise<boolean>, everyMs = 5): Promise<void> {
  while (!(await yes())) await sleep(everyMs)
}

const SAMPLING_BUDGET_MS = 20_000
const COLD_SAMPLES = 5

/**
 * Takes up to `samples` latencies from an idle system, fewer when the budget ends first, a few cold ones
 * before them uncounted. The pause between two grows with the latency seen and varies, so that a system
 * that polls is not always met right after its poll. `taken` counts the cold ones too.
 */
export async function idleSamples(
  samples: number,
  sample: (index: number) => Promise<number>,
): Promise<{ latencyMs: number[]; taken: number }> {
  const end = wallMs() + SAMPLING_BUDGET_MS
  const all: number[] = []
  while (all.length < COLD_SAMPLES + samples && (all.length < 2 * COLD_SAMPLES || wallMs() < end)) {
    const latency = await sample(all.length)
    all.push(latency)
    const golden = (all.length * 0.618_033_988_749) % 1
    await sleep(5 + golden * Math.min(2_500, Math.max(20, 2 * latency)))
  }
  return { latencyMs: all.slice(COLD_SAMPLES), taken: all.length }
}

/** The most entries `idleSamples` makes for so many samples. */
export const samplesAtMost = (samples: number): number => COLD_SAMPLES + samples

/** Runs `work` for 0 … count−1, at most `lanes` at once. */
export async function inLanes(
  count: number,
  lanes: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane))
}

/** 0 … count−1 in slices of at most `size`. */
export function slices(count: number, size: number): number[][] {
  const all: number[][] = []
  for (let from = 0; from < count; from += size) {
    all.push(Array.from({ length: Math.min(size, count - from) }, (_, i) => from + i))
  }
  return all
}
