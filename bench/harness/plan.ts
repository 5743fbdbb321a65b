import { parseArgs } from 'node:util'
import { idOf, type System, type Workload } from './system.ts'

/** What one benchmark run was asked for. */
export type Plan = {
  readonly json: boolean
  readonly scale: number
  readonly rounds: number
  readonly workloads: readonly Workload[]
  /** Lower-case parts of names; empty: all systems. */
  readonly wanted: readonly string[]
  readonly cellSeconds: number
}

/** Measured as one: this system, this workload at this size, in this round. */
export type Cell = {
  readonly system: number
  readonly workload: Workload
  readonly round: number
  readonly size: number
  /** W5 only: how long the provider takes. */
  readonly providerMs?: number
}

export const WORKLOADS: readonly Workload[] = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'moves', 'costs']
const FULL_SIZE: Record<Workload, number> = {
  w1: 20_000,
  w2: 20_000,
  w3: 200,
  w4: 50,
  w5: 20_000,
  w6: 1_000_000,
  w7: 2_000,
  moves: 5_000,
  costs: 20_000,
}
const SMALLEST: Record<Workload, number> = {
  w1: 50,
  w2: 50,
  w3: 10,
  w4: 50,
  w5: 50,
  w6: 2_000,
  w7: 50,
  moves: 100,
  costs: 50,
}
const PROVIDER_MS = [0, 20]
const ROUNDS_MAX = 20

/** The command line was not understood: `message` says what would be. */
export class BadOption extends Error {
  override readonly name = 'BadOption'
}

export function parsePlan(argv: readonly string[]): Plan {
  const { values } = readOptions(argv)
  const workloads = list(values.workloads)
  const unknown = workloads.filter((w) => !WORKLOADS.includes(w as Workload))
  if (unknown.length > 0) throw new BadOption(`--workloads: ${unknown} is none of ${WORKLOADS}`)
  return {
    json: values.json,
    scale: number('scale', values.scale, 0.001, 10),
    rounds: Math.round(number('rounds', values.rounds, 1, ROUNDS_MAX)),
    cellSeconds: number('seconds', values.seconds, 1, 3_600),
    workloads: workloads.length > 0 ? WORKLOADS.filter((w) => workloads.includes(w)) : WORKLOADS,
    wanted: list(values.systems),
  }
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: { type: 'boolean', default: false },
        scale: { type: 'string', default: '1' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '180' },
        systems: { type: 'string', default: '' },
        workloads: { type: 'string', default: '' },
      },
    })
  } catch (cause) {
    throw new BadOption(cause instanceof Error ? cause.message : String(cause))
  }
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')

function number(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (value >= least && value <= most) return value
  throw new BadOption(`--${option} takes a number from ${least} to ${most}, not ${text}`)
}

export const isWanted = (plan: Plan, system: System): boolean =>
  plan.wanted.length === 0 || plan.wanted.some((part) => idOf(system).toLowerCase().includes(part))

/**
 * All measurements in their order: workload by workload, and inside one round after round over all systems
 * (A B C A B C), so that a slow minute of the machine falls on everybody.
 */
export function cellsOf(plan: Plan, systems: readonly System[]): Cell[] {
  const cells: Cell[] = []
  for (const workload of plan.workloads) {
    for (let round = 1; round <= plan.rounds; round++) {
      for (const [index, system] of systems.entries()) {
        if (!system[workload] || system.notRun !== undefined) continue
        const cell = { system: index, workload, round, size: sizeOf(plan, system, workload) }
        if (workload === 'w5') cells.push(...PROVIDER_MS.map((providerMs) => ({ ...cell, providerMs })))
        else cells.push(cell)
      }
    }
  }
  return cells
}

export function sizeOf(plan: Plan, system: System, workload: Workload): number {
  const share = system.share?.[workload] ?? 1
  // Fifty steps in a row are the workload itself: there is nothing to scale.
  const scale = workload === 'w4' ? 1 : plan.scale
  return Math.max(SMALLEST[workload], Math.round(FULL_SIZE[workload] * share * scale))
}
