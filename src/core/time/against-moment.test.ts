import { readFileSync } from 'node:fs'
import moment from 'moment-timezone'
import { expect, test } from 'vitest'
import { dateOfWall, localDate, localTime, timeOfWall, wallAt } from './calendar.ts'
import { type Instant, instant, isoOf } from './instant.ts'
import type { Wall, Zone } from './local.ts'
import { instantOfWall, wallOf } from './zone.ts'

/**
 * A second opinion: moment-timezone brings its own zone data and its own arithmetic. Half of the walls are
 * drawn around changes of clocks, where gaps and overlaps are.
 */
const PAIRS = 100_000
const FROM = Date.UTC(1972, 0, 1)
const TO = Date.UTC(2045, 0, 1)
const MINUTE_MS = 60_000

const random = mulberry32(20270612)
const pick = (count: number) => Math.floor(random() * count)

const zones = moment.tz.names().map((name) => {
  const changes = (moment.tz.zone(name)?.untils ?? []).filter((at) => at !== null && at > FROM && at < TO)
  return { name: name as Zone, changes: changes as number[] }
})

type Difference = { zone: string; date: string; told: string }

test('100,000 wall times in all zones of the world are the moments moment-timezone says', {
  timeout: 60_000,
}, () => {
  const differences: Difference[] = []
  let nearChanges = 0
  for (let count = 0; count < PAIRS; count++) {
    const { name, changes } = zones[pick(zones.length)]!
    const near = count % 2 === 0 && changes.length > 0
    if (near) nearChanges++
    const minute = near
      ? Math.floor((changes[pick(changes.length)]! + offset(name, changes)) / MINUTE_MS) + pick(360) - 180
      : Math.floor((FROM + random() * (TO - FROM)) / MINUTE_MS)
    const wall = (minute * MINUTE_MS) as Wall
    const ours = instantOfWall(wall, name)
    const theirs = momentOf(wall, name)
    const backOurs = wallOf(theirs, name)
    const backTheirs = theirs + moment.tz(theirs, name).utcOffset() * MINUTE_MS
    if (ours === theirs && backOurs === backTheirs) continue
    const date = dateOfWall(wall)
    const told = `${name} ${date} ${timeOfWall(wall)}: ours ${isoOf(ours)}, theirs ${isoOf(theirs)}`
    differences.push({ zone: name, date, told })
  }
  expect(nearChanges).toBeGreaterThan(PAIRS / 4)
  const expected = expectedDifferences()
  const surprising = differences.filter(
    ({ zone, date }) => !expected.some((one) => one.zone === zone && date >= one.from && date <= one.to),
  )
  expect(surprising.map((one) => one.told).slice(0, 50)).toEqual([])
})

test('every difference that is listed is still one', () => {
  const gone = expectedDifferences().filter(({ zone, witness }) => {
    return instantOfWall(witness, zone) === momentOf(witness, zone)
  })
  expect(gone.map((one) => one.zone)).toEqual([])
})

/** Their offset is asked at a moment only to draw walls near changes; which side of it does not matter. */
const offset = (name: string, changes: readonly number[]): number =>
  moment.tz(changes[0]!, name).utcOffset() * MINUTE_MS

function momentOf(wall: Wall, zone: string): Instant {
  const at = new Date(wall)
  const parts = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()]
  return instant(moment.tz(parts, zone).valueOf())
}

type Expected = { zone: Zone; from: string; to: string; witness: Wall }

function expectedDifferences(): Expected[] {
  const text = readFileSync(new URL('./zone-differences.txt', import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [zone, from, to, wall] = line.split('|').map((part) => part.trim())
      const [date, time] = wall!.split(' ')
      const witness = wallAt(localDate(date!), localTime(time!))
      return { zone: zone as Zone, from: from!, to: to!, witness }
    })
}

/** A small generator with a seed: the same pairs in every run. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
