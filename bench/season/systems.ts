import type { System } from '../harness/system.ts'
import { costs } from './costs.ts'
import { moves } from './moves.ts'
import { w7 } from './season.ts'
import { w6 } from './waiting.ts'

export const systems: readonly System[] = [
  {
    name: 'WedSync',
    mode: 'a season',
    role: 'ours',
    settings: 'one process, as delivered: decisions, log, audit, row-level security on',
    w6,
    w7,
    moves,
    costs,
  },
]
