import { setTimeout as sleep } from 'node:timers/promises'
import type { Measured } from './figures.ts'
import { ofEffectRate, ofLatency, ofLateness, ofRunTimes, ofThroughput } from './figures.ts'
import type { Cell } from './plan.ts'
import { CannotRun, idOf, type System, type World } from './system.ts'

/** The process of one measurement: is told what to measure, measures, reports, ends. */
export type Order = {
  readonly module: string
  readonly id: string
  readonly cell: Cell
  readonly world: Omit<World, 'later'>
}
export type Report =
  | { readonly is: 'measured'; readonly measured: Measured }
  | { readonly is: 'cannot run'; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string }

const W4_RUNS = 6
const CLOSING_MS = 5_000

async function measure(
  system: System,
  { workload, size, providerMs }: Cell,
  world: World,
): Promise<Measured> {
  switch (workload) {
    case 'w1':
      return ofThroughput(await able(system.w1)(world, size))
    case 'w2':
      return ofLateness(await able(system.w2)(world, size))
    case 'w3':
      return ofLatency(await able(system.w3)(world, size))
    case 'w4':
      return ofRunTimes(await able(system.w4)(world, size, W4_RUNS))
    case 'w5':
      return ofEffectRate(await able(system.w5)(world, size, providerMs ?? 0))
    case 'w6':
    case 'w7':
    case 'moves':
    case 'costs':
      return able(system[workload])(world, size)
  }
}

function able<F>(workload: F | undefined): F {
  if (workload === undefined) throw new Error('the system does not offer this workload')
  return workload
}

async function obey(order: Order): Promise<Report> {
  const closers: (() => unknown)[] = []
  const world: World = { ...order.world, later: (close) => closers.unshift(close) }
  try {
    const { systems } = (await import(order.module)) as { systems: readonly System[] }
    const system = systems.find((candidate) => idOf(candidate) === order.id)
    if (!system) throw new Error(`${order.module} has no system ${order.id}`)
    return { is: 'measured', measured: await measure(system, order.cell, world) }
  } catch (cause) {
    if (cause instanceof CannotRun) return { is: 'cannot run', reason: cause.message }
    return { is: 'failed', reason: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }
  } finally {
    await Promise.race([closeAll(closers), sleep(CLOSING_MS)])
  }
}

/** The measurement is over: what does not close now is ended with the process and changes no figure. */
async function closeAll(closers: readonly (() => unknown)[]): Promise<void> {
  for (const close of closers) {
    try {
      await close()
    } catch (cause) {
      console.error(cause)
    }
  }
}

process.once('message', async (order: Order) => {
  const report = await obey(order)
  // Whatever a library left open must not keep the process.
  process.send?.(report, () => process.exit(0))
})
