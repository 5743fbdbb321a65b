import { readCsv } from '../../src/core/csv.ts'
import type { VendorId } from '../../src/core/ids.ts'
import { type Journey, journeySchema } from '../../src/core/journey/graph.ts'
import type { LocalDate } from '../../src/core/time/local.ts'
import { type CoupleRow, mapColumns, readCouples } from '../../src/engine/couple-sheet.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { publish } from '../../src/engine/publish.ts'

/** Three journeys side by side, ten steps of each waiting for a moment before or after the wedding. */
export const STEPS_WAITING = 10
const LEADS_DAYS: readonly (readonly number[])[] = [
  [300, 240, 180, 150, 120, 90, 75, 60, 45, 30],
  [200, 170, 140, 110, 80, 50, 28, 21, 14, 7],
  [100, 95, 85, 70, 65, 56, 42, 10, 3, 1],
]
export const PLANNING_KEYS = ['planning', 'guests', 'last-weeks'] as const

function planning(nth: number): Journey {
  const arms = Array.from({ length: STEPS_WAITING }, (_, i) => `arm_${i}`)
  return journeySchema.parse({
    format: 1,
    name: `Planning ${nth + 1}`,
    category: 'planning',
    reentry: 'per_wedding',
    nodes: [
      { id: 'begin', kind: 'trigger', type: 'client_added' },
      { id: 'side', kind: 'fork', arms },
      ...arms.map((arm, i) => ({
        id: arm,
        kind: 'module',
        type: 'email',
        version: 1,
        class: i % 2 === 0 ? 'transactional' : 'relationship',
        config: {
          subject: `Step ${i} of your planning`,
          body: 'Hello {{ client.partner_a.first_name | default: "there" }}, it is time.',
        },
        when: { before: { days: LEADS_DAYS[nth]?.[i] ?? 1 }, of: 'wedding', at: '10:00' },
        late: i % 3 === 0 ? 'skip' : 'send_now',
      })),
    ],
    edges: [{ from: 'begin', to: 'side' }, ...arms.map((arm) => ({ from: 'side', exit: arm, to: arm }))],
  })
}

export async function publishPlanning(
  engine: Engine,
  vendor: VendorId,
  keys: readonly string[] = PLANNING_KEYS,
): Promise<void> {
  for (const [nth, key] of keys.entries())
    await publish(engine, vendor, { key, document: planning(nth), by: 'bench' })
}

/** A book as a vendor would export it: two names, two addresses, a telephone, a day, a place. */
export function bookOf(couples: number, year: number): string {
  const lines = Array.from({ length: couples }, (_, i) => {
    const day = String(1 + (i % 28)).padStart(2, '0')
    const month = String(1 + (Math.floor(i / 28) % 12)).padStart(2, '0')
    return `Anna ${i},anna${i}@example.org,+44 20 7946 ${String(i % 10_000).padStart(4, '0')},Ben ${i},ben${i}@example.org,${year}-${month}-${day}`
  })
  return `Name,Email,Phone,Partner name,Partner email,Wedding date\n${lines.join('\n')}\n`
}

export function rowsOf(text: string): readonly CoupleRow[] {
  const read = readCsv(text)
  if (!read.ok) throw new Error('the book is no table')
  const { rows, problems } = readCouples(
    read.sheet,
    mapColumns(read.sheet, {}).mapping,
    null,
    new Date().toISOString().slice(0, 10) as LocalDate,
  )
  if (problems.length > 0) throw new Error(`the book has problems: ${problems[0]?.message}`)
  return rows
}
