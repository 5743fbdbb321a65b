import { existsSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { webApp } from '../../src/api/web-app.ts'
import { ensureWebApp, WEB_FOLDER } from '../../src/web-build.ts'

/** The built app behind the real file server and the real policy, and the system's Chromium in front of it. */
export type House = {
  readonly url: string
  readonly browser: Browser
  room(path: string, look: Look): Promise<Room>
  close(): Promise<void>
}
export type Look = { readonly width: 1440 | 390; readonly dark: boolean; readonly touch?: boolean }
export type Room = {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained about: errors, and whatever the policy refused. */
  readonly complaints: readonly string[]
}

const HEIGHT = { 1440: 900, 390: 844 } as const
const CHROMIUMS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const AXE = readFileSync(path.join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8')

export async function openHouse(): Promise<House> {
  if (!(await ensureWebApp(() => undefined))) throw new Error('The web app could not be built.')
  const front = new Hono()
  front.use(webApp(WEB_FOLDER))
  front.get('/health/live', (c) => c.json({ status: 'ok' }))
  const server = serve({ fetch: front.fetch, port: 0, hostname: '127.0.0.1' })
  const browser = await chromium.launch({
    executablePath: findChromium(),
    // A container's root has no user namespace to build the sandbox in.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    browser,
    async room(address, { width, dark, touch = width === 390 }) {
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
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.goto(address)
      await page.locator('main h1').waitFor()
      await page.evaluate('document.fonts.ready.then(() => undefined)')
      return { page, context, complaints }
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}

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

/** What axe finds wrong, told shortly; an empty list is what we want. */
export async function violations(page: Page, without: readonly string[] = []): Promise<string[]> {
  await page.evaluate(AXE)
  const rules = JSON.stringify(Object.fromEntries(without.map((rule) => [rule, { enabled: false }])))
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], rules: ${rules} }).then((result) => result.violations)`,
  )) as readonly Violation[]
  return found.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) =>
        `${id}: ${node.target.join(' ')} ${node.html.slice(0, 140)} ${node.failureSummary.split('\n')[1] ?? ''}`,
    ),
  )
}
