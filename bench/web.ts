import { loadavg } from 'node:os'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { loadSample, readSample } from '../src/contract/sample.ts'
import { openHouse } from '../test/e2e/house.ts'

/**
 * `node bin/node26.js bench/web.ts`: how long Today of the sample studio takes to say how the day stands, on a phone
 * that has never been here, and how long from room to room on a desk that has. The phone is the one of Chromium's
 * developer tools ("Fast 4G", CPU four times slower); each figure is the best and the middle of several, with the
 * load of the machine beside it, because both are this machine's as much as ours.
 */
const PHONE = { slowdown: 4, latencyMs: 165, downBitsPerS: 8_100_000, upBitsPerS: 1_350_000 }
const BUSY_MS = 2_000
const LOADS = 7
const WALKS = 7
const PROMISED = { todayMs: 1_500, roomMs: 150 }
const ROOMS = [
  ['Clients', '/clients'],
  ['Messages', '/messages'],
  ['Approvals', '/approvals'],
  ['Journeys', '/journeys'],
  ['Today', '/'],
] as const
const SAMPLE_WITHIN_MS = 240_000
const LOOKED_EVERY_MS = 500
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

/** How much of a core this process got while it wanted all of one: times on a busy machine are to be read with it. */
function shareOfACore(): number {
  const [began, before] = [performance.now(), process.cpuUsage()]
  while (performance.now() - began < BUSY_MS);
  const { user, system } = process.cpuUsage(before)
  return Number(((user + system) / 1_000 / (performance.now() - began)).toFixed(2))
}

const house = await openHouse()
const vendor = await sampleStudio()
const loads = []
for (let at = 0; at < LOADS; at += 1) loads.push(await firstLoad())
const walks = await walkAround()
await house.close()

const quickest = loads.toSorted((a, b) => a.content - b.content)[0]!
const report = {
  shareOfACore: shareOfACore(),
  loadOfMachine: loadavg().map((one) => Number(one.toFixed(1))),
  phone: PHONE,
  today: { ...bestAndMiddle(loads.map(({ content }) => content)), promised: PROMISED.todayMs },
  wholeToday: bestAndMiddle(loads.map(({ whole }) => whole)),
  waterfall: quickest.waterfall,
  rooms: Object.fromEntries(
    [...walks].map(([name, times]) => [name, { ...bestAndMiddle(times), promised: PROMISED.roomMs }]),
  ),
}
process.stdout.write(`${JSON.stringify(report, null, process.argv.includes('--json') ? 0 : 2)}\n`)

function bestAndMiddle(times: readonly number[]): { best: number; middle: number } {
  const sorted = times.map(Math.round).sort((a, b) => a - b)
  return { best: sorted[0] ?? 0, middle: sorted[Math.floor(sorted.length / 2)] ?? 0 }
}

async function sampleStudio(): Promise<string> {
  const { api } = house.owner()
  await api(loadSample, {})
  for (const until = performance.now() + SAMPLE_WITHIN_MS; performance.now() < until; ) {
    const found = (await api(readSample, {})).data.vendor
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS))
  }
  throw new Error('The sample studio did not come.')
}

/** A phone with nothing kept, from the address to the sentence with its figures; told by the page's own clock. */
async function firstLoad(): Promise<{ content: number; whole: number; waterfall: readonly string[] }> {
  const { context, page: other } = await house.room('/kit', { width: 390, dark: false })
  await other.close()
  const page = await context.newPage()
  const line = await slowed(context, page)
  await page.goto(`/?business=${vendor}`, { waitUntil: 'commit' })
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
  const { page, context, settled } = await house.room(`/?business=${vendor}`, { width: 1440, dark: false })
  const times = new Map<string, number[]>()
  for (let round = 0; round <= WALKS; round += 1)
    for (const [name, path] of ROOMS) {
      await settled()
      const took = Number(await page.evaluate(walk(name, path)))
      // The first round fetches the rooms.
      if (round > 0) times.set(name, [...(times.get(name) ?? []), took])
    }
  await context.close()
  return times
}
