import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { Hono } from 'hono'
import type { Accounts } from '../../src/accounts/accounts.ts'
import { app } from '../../src/api/app.ts'
import { inMemoryLimits, LIMITS, type LimitSettings } from '../../src/api/frame/limits.ts'
import type { TwilioHouse } from '../../src/channels/sms/twilio.ts'
import { readConfig } from '../../src/config.ts'
import { openBusiness, signIn, whoAmI } from '../../src/contract/accounts.ts'
import { type Api, connect } from '../../src/contract/connect.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { accountsOf, type House, openHouse } from '../../src/main.ts'
import type { Log } from '../../src/ports.ts'
import { openSession } from '../../src/postgres/client.ts'
import type { Session } from '../../src/store/sql.ts'
import { layFurnished } from '../embedded/furnished.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'

/** The whole house over a real PostgreSQL, with its front, but no socket: browsers and programs speak to it in process. */
export type Office = {
  readonly house: House
  readonly accounts: Accounts
  readonly front: Hono
  /** The superuser's view. */
  readonly admin: Session
  browser(headers?: Record<string, string>): Browser
  program(key: string): Api
  /** A business with its owner, signed in. */
  business(name?: string, email?: string): Promise<{ browser: Browser; vendor: string; email: string }>
  /** What the newest captured letter to this address links to. */
  linkIn(email: string): Promise<string>
  close(): Promise<void>
}
export type Browser = {
  readonly api: Api
  readonly cookies: Map<string, string>
  csrf: string
  fetch(request: Request): Promise<Response>
  signIn(email: string, password?: string): Promise<{ is: string }>
}

export const URL_HERE = 'http://localhost:3000'
export const PASSWORD = 'a long enough passphrase'
/** Tests ask more in a minute than people do; the limits have tests of their own. */
const WIDE = Object.fromEntries(
  Object.keys(LIMITS).map((name) => [name, { points: 1_000_000, seconds: 60 }]),
) as unknown as LimitSettings

/** What was not meant to happen is told. */
const telling: Log = { ...silent, error: (message, details) => console.error(message, details) }

type Ways = Pick<NonNullable<Parameters<typeof openHouse>[2]>, 'textProvider' | 'ownMail'>

async function sendingHouse(env: Record<string, string>, ways: Ways): Promise<House> {
  const first = await openHouse(readConfig(env), telling)
  const WEDSYNC_SENDING = first.installation.installation_id
  await first.close()
  return openHouse(readConfig({ ...env, WEDSYNC_SENDING }), telling, ways)
}

export async function openOffice(
  options: {
    readonly limits?: LimitSettings
    readonly signUpOpen?: boolean
    /** Where texts go: then sending is switched on for this installation, as its keeper would. */
    readonly textProvider?: TwilioHouse
    /** Mail servers of businesses on this machine; then sending is switched on as well. */
    readonly ownMail?: Ways['ownMail']
  } = {},
): Promise<Office> {
  const folder = temporaryFolder()
  const env = { WEDSYNC_DATA: path.join(folder, 'data'), WEDSYNC_URL: URL_HERE }
  await layFurnished(env.WEDSYNC_DATA)
  const { textProvider, ownMail } = options
  const house =
    textProvider || ownMail
      ? await sendingHouse(env, {
          ...(textProvider ? { textProvider } : {}),
          ...(ownMail ? { ownMail } : {}),
        })
      : await openHouse(readConfig(env), telling)
  const accounts = await accountsOf(house)
  const admin = await openSession(house.target('wed_admin' as never))
  const front = app(house.engine, {
    installation: house.installation.installation_id,
    sending: false,
    version: 'test',
    database: 'test',
    progress: () => null,
    metrics: async () => '',
    accounts,
    url: URL_HERE,
    channels: house.channels,
    signUpOpen: options.signUpOpen ?? false,
    limits: inMemoryLimits(options.limits ?? WIDE),
  })

  function browser(more: Record<string, string> = {}): Browser {
    const cookies = new Map<string, string>()
    const ask = connect({
      base: URL_HERE,
      newKey: randomUUID,
      headers: () => ({
        'sec-fetch-site': 'same-origin',
        ...(me.csrf ? { 'x-wedsync-csrf': me.csrf } : {}),
        ...more,
      }),
      fetch: (request) => me.fetch(request),
    })
    const me: Browser = {
      cookies,
      csrf: '',
      async fetch(request) {
        if (cookies.size > 0)
          request.headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
        const response = await front.fetch(request)
        for (const line of response.headers.getSetCookie()) {
          const [pair = '', ...attributes] = line.split(';')
          const at = pair.indexOf('=')
          const gone = attributes.some((one) => /^\s*max-age=0$/i.test(one))
          if (gone) cookies.delete(pair.slice(0, at))
          else cookies.set(pair.slice(0, at), pair.slice(at + 1))
        }
        return response
      },
      // Whoever is asked for the password once more gives it, unless a test says otherwise.
      api: ((op: Operation, asked: { body?: object }) =>
        ask(
          op,
          (op.provesPerson ? { ...asked, body: { password: PASSWORD, ...asked.body } } : asked) as never,
        )) as Api,
      async signIn(email, password = PASSWORD) {
        const { data } = await me.api(signIn, { body: { email, password } })
        if (data.is === 'signed_in') me.csrf = (await me.api(whoAmI, {})).data.csrf
        return data
      },
    }
    return me
  }

  let opened = 0
  return {
    house,
    accounts,
    front,
    admin,
    browser,
    program: (key) =>
      connect({
        base: URL_HERE,
        newKey: randomUUID,
        headers: () => ({ authorization: `Bearer ${key}` }),
        fetch: async (request) => front.fetch(request),
      }),
    async business(name = 'Lumen Photography', email) {
      opened += 1
      const address = email ?? `owner${opened}@example.org`
      const link = (await accounts.makeOpening(null)).split('#')[1] ?? ''
      const one = browser()
      const { data } = await one.api(openBusiness, {
        body: {
          link,
          person: { name: 'Olive Owner', email: address, password: PASSWORD },
          business: { name, type: 'photographer', zone: 'Europe/London', region: 'GB' },
        },
      })
      await one.signIn(address)
      return { browser: one, vendor: data.vendor, email: address }
    },
    async linkIn(email) {
      const letters = await accounts.letters.captured(100)
      const text = letters.find(({ letter }) => letter.to.address === email && letter.text.includes('#'))
        ?.letter.text
      const link = text?.match(/#([A-Za-z0-9_-]+)/)?.[1]
      if (!link) throw new Error(`no letter with a link for ${email}`)
      return link
    },
    async close() {
      await admin.close()
      await accounts.close()
      await house.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
