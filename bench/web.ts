import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { addJourney, listJourneys } from '../src/contract/journeys.ts'
import type { VendorId } from '../src/core/ids.ts'
import { openSession } from '../src/postgres/client.ts'
import { openHouse } from '../test/e2e/house.ts'
import { framesMs, largeJourney, openingMs, panelsMs, scrollThrough } from '../test/e2e/timed.ts'
import { grow } from './api/grown.ts'

/**
 * `node bin/node26.js bench/web.ts`: how quick the app is over a grown book. How long Today takes to say how the day
 * stands, on a phone that has never been here; how long from room to room on a desk that has; a large journey
 * and its panels; what is foreseen of one couple; a couple found, and all of them scrolled through. The phone is the one of Chromium's
 * developer tools ("Fast 4G", CPU four times slower); each figure is the best and the middle of several, with the
 * load of the machine beside it, because both are this machine's as much as ours.
 */
const { values: asked } = parseArgs({
  options: {
    couples: { type: 'string', default: '2000' },
    journeys: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
})
const COUPLES = Number(asked.couples)
const PHONE = { slowdown: 4, latencyMs: 165, downBitsPerS: 8_100_000, upBitsPerS: 1_350_000 }
const DESK = { width: 1440, dark: false } as const
const BUSY_MS = 2_000
const TIMES = 7
const PROMISED = {
  todayMs: 1_500,
  roomMs: 150,
  largeMs: 1_000,
  panelMs: 50,
  frameMs: 34,
  foresightMs: 100,
  searchMs: 50,
}
const ROOMS = [
  ['Clients', '/clients'],
  ['Messages', '/messages'],
  ['Approvals', '/approvals'],
  ['Journeys', '/journeys'],
  ['Today', '/'],
] as const
const LARGE = 'Two hundred steps'
const FORESEEN = 'Photographer: booked to wedding'
const SOUGHT = ['nina grown12', 'otto', 'nina', 'grown7', 'nobody at all', 'grown otto', 'a']
const SIGNS_OF_CONTENT = 'main h1 a'
/** The sentence is drawn before what stands below it, so the whole page has a figure of its own. */
const SIGN_OF_THE_REST = 'main:has(#going-out):has(#needs-you li)'

/** The moment at which the lede holds its doors: figures are there, and drawn. */
const whenThere = (sign: string): string => `new Promise((done) => {
  const look = () => document.querySelector(${JSON.stringify(sign)})
    ? requestAnimationFrame(() => done(performance.now()))
    : requestAnimationFrame(look)
  look()
})`

const walk = (name: string, path: string): string => `new Promise((done) => {
  const before = document.querySelector('main h1')
  const link = [...document.querySelectorAll('nav a')].find((one) => one.textContent.startsWith(${JSON.stringify(name)}))
  const began = performance.now()
  link.click()
  const look = () => {
    const head = document.querySelector('main h1')
    location.pathname === ${JSON.stringify(path)} && head && head !== before && !head.closest('[hidden]')
      ? requestAnimationFrame(() => done(performance.now() - began))
      : requestAnimationFrame(look)
  }
  look()
})`

const house = await openHouse()
const size = await growHouse()
const loads = []
for (let at = 0; at < TIMES; at += 1) loads.push(await firstLoad())
const walks = await walkAround()
const large = await openLarge()
const foreseen = await foresee()
const book = await lookThrough()
await house.close()

const quickest = loads.toSorted((a, b) => a.content - b.content)[0]!
const report = {
  shareOfACore: shareOfACore(),
  loadOfMachine: loadavg().map((one) => Number(one.toFixed(1))),
  size: { couples: COUPLES, journeys: Number(asked.journeys), ...size },
  phone: PHONE,
  today: { ...bestAndMiddle(loads.map(({ content }) => content)), promised: PROMISED.todayMs },
  wholeToday: bestAndMiddle(loads.map(({ whole }) => whole)),
  waterfall: quickest.waterfall,
  rooms: Object.fromEntries(
    [...walks].map(([name, times]) => [name, { ...bestAndMiddle(times), promised: PROMISED.roomMs }]),
  ),
  largeJourney: { ...bestAndMiddle(large.opening), promised: PROMISED.largeMs },
  itsPanels: { ...bestAndMiddle(large.panels), promised: PROMISED.panelMs },
  itsFrames: { ...bestAndMiddle(large.frames), promised: PROMISED.frameMs },
  foresight: { ...bestAndMiddle(foreseen), promised: PROMISED.foresightMs },
  search: { ...bestAndMiddle(book.search), promised: PROMISED.searchMs },
  scroll: { couples: COUPLES, ...book.scroll },
}
process.stdout.write(`${JSON.stringify(report, null, asked.json ? 0 : 2)}\n`)

/** How much of a core this process got while it wanted all of one: times on a busy machine are to be read with it. */
function shareOfACore(): number {
  const [began, before] = [performance.now(), process.cpuUsage()]
  while (performance.now() - began < BUSY_MS);
  const { user, system } = process.cpuUsage(before)
  return Number(((user + system) / 1_000 / (performance.now() - began)).toFixed(2))
}

function bestAndMiddle(times: readonly number[]): { best: number; middle: number } {
  const sorted = times.map(Math.round).sort((a, b) => a - b)
  return { best: sorted[0] ?? 0, middle: sorted[Math.floor(sorted.length / 2)] ?? 0 }
}

async function growHouse(): Promise<object> {
  const { engine, target } = house.serving.house
  const admin = await openSession(target('wed_admin' as never))
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  const vendor = house.owner().vendor as VendorId
  const grown = await grow(engine, admin, vendor, COUPLES, Number(asked.journeys), say)
  await admin.close()
  return grown.size
}

/**
 * A phone on which somebody has signed in and that has kept nothing of the app itself, from the address to the sentence
 * with its figures; told by the page's own clock.
 */
async function firstLoad(): Promise<{ content: number; whole: number; waterfall: readonly string[] }> {
  const { context, page: other } = await house.room('/kit', { width: 390, dark: false })
  // What signing in leaves behind beside the session.
  await other.evaluate(`localStorage.setItem('business', ${JSON.stringify(house.owner().vendor)})`)
  await other.close()
  const page = await context.newPage()
  const line = await slowed(context, page)
  await page.goto('/', { waitUntil: 'commit' })
  const content = Number(await page.evaluate(whenThere(SIGNS_OF_CONTENT)))
  const whole = Number(await page.evaluate(whenThere(SIGN_OF_THE_REST)))
  const waterfall = (await page.evaluate(
    `performance.getEntriesByType('resource').filter((one) => one.startTime < ${content}).map((one) =>
      [one.startTime, one.responseStart, one.responseEnd].map(Math.round).join(' ') + ' ' + one.initiatorType + ' ' + one.encodedBodySize + ' ' + new URL(one.name).pathname.slice(-60))`,
  )) as string[]
  await line.detach()
  await context.close()
  return { content, whole, waterfall }
}

async function slowed(context: BrowserContext, page: Page): Promise<CDPSession> {
  const line = await context.newCDPSession(page)
  await line.send('Network.enable')
  await line.send('Network.setCacheDisabled', { cacheDisabled: true })
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: PHONE.latencyMs,
    downloadThroughput: PHONE.downBitsPerS / 8,
    uploadThroughput: PHONE.upBitsPerS / 8,
  })
  await line.send('Emulation.setCPUThrottlingRate', { rate: PHONE.slowdown })
  return line
}

/** From the press to the new room's head, in a tab that has seen the rooms. */
async function walkAround(): Promise<Map<string, number[]>> {
  const { page, context, settled } = await house.room('/', DESK)
  const times = new Map<string, number[]>()
  for (let round = 0; round <= TIMES; round += 1)
    for (const [name, path] of ROOMS) {
      await settled()
      const took = Number(await page.evaluate(walk(name, path)))
      // The first round fetches the rooms.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), took])
    }
  await context.close()
  return times
}

type Large = { opening: number[]; panels: number[]; frames: number[] }
/** From its name among all the others, with the room's script there, as after the first journey of the day. */
async function openLarge(): Promise<Large> {
  const { api, vendor } = house.owner()
  const body = { document: { ...largeJourney(LARGE) } }
  const { data } = await api(addJourney, { params: { vendor }, body })
  const { page, context } = await house.room('/journeys', DESK)
  const all: Large = { opening: [], panels: [], frames: [] }
  for (let round = 0; round <= TIMES; round += 1) {
    await page.getByRole('link', { name: LARGE }).waitFor()
    const opening = await openingMs(page, data.id)
    const [panels, frames] = [await panelsMs(page), await framesMs(page)]
    if (round > 0) {
      all.opening.push(opening)
      all.panels.push(...panels)
      all.frames.push(...frames)
    }
    await page.getByRole('link', { name: 'Back to journeys' }).click()
  }
  await context.close()
  return all
}

/** One couple on the whole way from booking to wedding, as the page itself tells what it took. */
async function foresee(): Promise<number[]> {
  const { api, vendor } = house.owner()
  const { data } = await api(listJourneys, { params: { vendor } })
  const journey = data.items.find((one) => one.name === FORESEEN)!.id
  const { page, context } = await house.room(`/journeys/${journey}?mode=simulate`, DESK)
  const times: number[] = []
  for (let round = 0; round < TIMES; round += 1) {
    const told = await page.getByText(/Computed in this browser in \d+ ms/).textContent()
    times.push(Number(/in (\d+) ms/.exec(told ?? '')?.[1]))
    await page.reload()
  }
  await context.close()
  return times
}

/** From the question to its answer, as the browser has counted it; then all couples, from the first to the last. */
async function lookThrough() {
  const { page, context, settled } = await house.room('/clients', DESK)
  const search: number[] = []
  const box = page.getByLabel('Find a couple')
  for (const words of SOUGHT) {
    await page.evaluate('performance.clearResourceTimings()')
    await box.fill(words)
    await page.waitForURL((url) => url.searchParams.get('search') === words)
    await settled()
    const took = await page.evaluate(
      `performance.getEntriesByType('resource').filter((one) => one.name.includes('search=')).map((one) => one.duration)[0] ?? null`,
    )
    // What was asked a moment ago is not asked again.
    if (took !== null) search.push(Number(took))
    await box.fill('')
    await settled()
  }
  await page.reload()
  await settled()
  const scroll = await scrollThrough(page, COUPLES)
  await context.close()
  return { search, scroll }
}
