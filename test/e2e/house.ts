import { deepStrictEqual as deepEqual } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core'
import { readConfig } from '../../src/config.ts'
import { openBusiness, signIn, whoAmI } from '../../src/contract/accounts.ts'
import { addClient } from '../../src/contract/clients.ts'
import { type Api, connect } from '../../src/contract/connect.ts'
import { type Instant, plusMs } from '../../src/core/time/instant.ts'
import type { Clock, Log } from '../../src/ports.ts'
import { type Serving, serve } from '../../src/serve.ts'
import { ensureWebApp, WEB_FOLDER } from '../../src/web-build.ts'
import { layFurnished } from '../embedded/furnished.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'

/**
 * The whole house as `npm start` opens it, over a database of its own, and the system's Chromium in front of it.
 * Settled, a business with one couple lives in it; otherwise it is as the first start leaves it.
 */
export type House = {
  readonly url: string
  readonly browser: Browser
  /** What stands behind the address, for whoever must look or lay something there that people cannot. */
  readonly serving: Serving
  /** The first start's one-time link; null once somebody has come in by it. */
  readonly ownerLink: string
  /** Empty until the house is settled. */
  readonly couple: string
  /** Its owner, speaking to the server from elsewhere. */
  owner(): { readonly api: Api; readonly vendor: string }
  room(path: string, look: Look & { readonly signedIn?: boolean }): Promise<Room>
  close(): Promise<void>
}
export type Look = { readonly width: 1440 | 390; readonly dark: boolean; readonly touch?: boolean }
export type Room = {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained about: errors, and whatever the policy refused. */
  readonly complaints: string[]
  /** To another address, by a load of its own. */
  go(address: string): Promise<void>
  /** Nothing is asked of the server any more, and what it answered is drawn. */
  settled(): Promise<void>
  /** What is shown has settled and breaks no rule of access, nor any that is not set aside; `screen` names it. */
  reads(screen: string, without?: readonly string[]): Promise<void>
}

/** A machine with two cores and much to do takes its time; whoever waits in vain waits this long. */
const PATIENCE_MS = 25_000
const HEIGHT = { 1440: 900, 390: 844 } as const
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const AXE = readFileSync(path.join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8')

/** Where each screen that reads well is kept as a picture, if anywhere. */
const PICTURES = process.env.STORY_PICTURES
/** What floats over the page (a toast, an open panel) stands outside its landmarks. */
export const FLOATING = ['region']

/** `at`: the moment the clock shows when the house opens, here and in the browser; it goes on from there. */
export async function openHouse({
  settled = true,
  at = null,
}: {
  readonly settled?: boolean
  readonly at?: Instant | null
} = {}): Promise<House> {
  if (!(await ensureWebApp(() => undefined))) throw new Error('The web app could not be built.')
  const folder = temporaryFolder()
  const config = readConfig({
    WEDSYNC_DATA: path.join(folder, 'data'),
    WEDSYNC_SIGNUP: 'open',
    PORT: String(await freePort()),
  })
  // Who comes first sees the first boot; whoever lives there already was never asked.
  if (settled) await layFurnished(config.data)
  const serving = await serve(config, telling, {
    built: Promise.resolve(WEB_FOLDER),
    ...(at !== null && { clock: showing(at) }),
  })
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // A container's root has no user namespace to build the sandbox in.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const url = serving.address
  const ownerLink = serving.ownerLink ?? ''
  const inside = settled ? await settle(url, ownerLink) : null
  return {
    url,
    browser,
    serving,
    ownerLink,
    couple: inside?.couple ?? '',
    owner() {
      if (!inside) throw new Error('Nobody lives in this house yet.')
      return inside
    },
    async room(address, { width, dark, touch = width === 390, signedIn = settled }) {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width, height: HEIGHT[width] },
        deviceScaleFactor: width === 390 ? 2 : 1,
        hasTouch: touch,
        isMobile: touch,
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        locale: 'en-GB',
        timezoneId: 'Europe/London',
      })
      if (signedIn && inside) await context.addCookies([{ ...inside.cookie, url }])
      const page = await context.newPage()
      if (at !== null) await page.clock.setFixedTime(at)
      page.setDefaultTimeout(PATIENCE_MS)
      const settled = settling(page)
      const complaints: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      const go = async (where: string): Promise<void> => {
        await page.goto(where)
        await page.locator('main h1').waitFor()
        await page.evaluate('document.fonts.ready.then(() => undefined)')
      }
      await go(address)
      const reads = async (screen: string, without: readonly string[] = []): Promise<void> => {
        await page.locator('main h1').first().waitFor()
        await settled()
        if (PICTURES) await page.screenshot({ path: `${PICTURES}/${screen.replaceAll(/\W+/g, '-')}.png` })
        deepEqual(await violations(page, [...FLOATING, ...without]), [], `“${screen}” reads badly`)
      }
      return { page, context, complaints, go, settled, reads }
    },
    async close() {
      await browser.close()
      await serving.drain()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Something holds the place of what is on its way, and is no example of it. */
const STANDS_IN = 'document.querySelector("main [aria-busy=true]:not(button, [data-example] *)") !== null'

/** Answers lead to new questions in the frame in which they are drawn, so two quiet frames are quiet for good. */
export function settling(page: Page): () => Promise<void> {
  const asked = new Set<Request>()
  // A part of the app that comes when it is wanted is asked for, too.
  page.on('request', (one) => {
    if (['fetch', 'script'].includes(one.resourceType())) asked.add(one)
  })
  page.on('requestfinished', (one) => asked.delete(one))
  page.on('requestfailed', (one) => asked.delete(one))
  const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
  return async () => {
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; ) {
      await page.evaluate(twoFrames)
      if (asked.size > 0) continue
      await page.evaluate(twoFrames)
      if (asked.size === 0 && !(await page.evaluate(STANDS_IN))) return
    }
    throw new Error(`Still asking: ${[...asked].map((one) => one.url()).join(', ')}`)
  }
}

/** The same clock, shifted: it showed this moment when it was first asked. */
function showing(at: Instant): (real: Clock) => Clock {
  return (real) => {
    const shift = at - real.now()
    return {
      now: () => plusMs(real.now(), shift),
      sleepUntil: (until, label, signal) => real.sleepUntil(plusMs(until, -shift), label, signal),
      uncertaintyMs: () => real.uncertaintyMs(),
    }
  }
}

/** What was not meant to happen is told. */
const telling: Log = { ...silent, error: (message, details) => console.error(message, details) }

export const PASSWORD = 'a long enough passphrase'
const NELL = { name: 'Nell Ashworth', email: 'nell@example.org', password: PASSWORD }

/** A business, its owner signed in, and a couple: over the network, as everybody else does it. */
async function settle(url: string, ownerLink: string) {
  let token = ''
  let cookie = { name: '', value: '' }
  const api = connect({
    base: url,
    newKey: randomUUID,
    headers: () => ({
      ...(token && { 'x-wedsync-csrf': token }),
      ...(cookie.name && { cookie: `${cookie.name}=${cookie.value}` }),
    }),
    fetch: (request) => fetch(request),
  })
  const business = { name: 'Alder & Lane', type: 'photographer', zone: 'Europe/London', region: 'GB' }
  const { data: opened } = await api(openBusiness, {
    body: { link: ownerLink.split('#')[1] ?? '', person: NELL, business },
  })
  const { response } = await api(signIn, { body: { email: NELL.email, password: PASSWORD } })
  const [name = '', value = ''] =
    (response.headers.getSetCookie()[0] ?? '').split(';')[0]?.split(/=(.*)/) ?? []
  cookie = { name, value }
  token = (await api(whoAmI, {})).data.csrf
  const { data: couple } = await api(addClient, {
    params: { vendor: opened.vendor },
    body: {
      people: [
        { ref: 'partner_a', name: 'Mia Castellani', email: 'mia@example.org', phone: '+1 416 555 0137' },
        { ref: 'partner_b', name: 'Jonas Brandt' },
        { ref: 'planner', name: 'Studio Fioretti', email: 'ciao@example.org' },
      ],
      stage: 'booked',
      tags: ['destination'],
      wedding: { on: '2027-07-17', zone: 'Europe/Rome', guests: 142 },
    },
  })
  return { cookie, couple: couple.id, api, vendor: opened.vendor }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

function findChromium(): string {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter))
    for (const name of CHROMIUMS) {
      const file = path.join(folder, name)
      if (existsSync(file)) return file
    }
  throw new Error('Chromium is missing. Install it (Debian: apt-get install chromium) and run again.')
}

type Violation = {
  readonly id: string
  readonly nodes: readonly {
    readonly target: readonly string[]
    readonly html: string
    readonly failureSummary: string
  }[]
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What another theme can break: everything else is the same document. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong, told shortly; an empty list is what we want. `within` is a selector. */
export const violations = (
  page: Page,
  without: readonly string[] = [],
  within: string | null = null,
): Promise<string[]> =>
  wrongIn(page, within, {
    runOnly: RULES,
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  })

/** Of one rule alone. */
export const brokenRule = (page: Page, rule: string): Promise<string[]> =>
  wrongIn(page, null, { runOnly: { type: 'rule', values: [rule] } })

/** What axe finds wrong with the colours of the page in the other theme, switched where it stands. */
export async function darkViolations(page: Page, within: string | null = null): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  const wrong = await wrongIn(page, within, { runOnly: { type: 'rule', values: COLOUR_RULES } })
  await page.emulateMedia({ colorScheme: 'light' })
  return wrong
}

async function wrongIn(page: Page, within: string | null, options: object): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE)
  const what = within === null ? 'document' : JSON.stringify(within)
  const found = (await page.evaluate(
    `axe.run(${what}, ${JSON.stringify({ ...options, resultTypes: ['violations'] })}).then((result) => result.violations)`,
  )) as readonly Violation[]
  return found.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) =>
        `${id}: ${node.target.join(' ')} ${node.html.slice(0, 140)} ${node.failureSummary.split('\n')[1] ?? ''}`,
    ),
  )
}
