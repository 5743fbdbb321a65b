import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openBusiness, signIn, whoAmI } from '../../src/contract/accounts.ts'
import { addClient } from '../../src/contract/clients.ts'
import { connect } from '../../src/contract/connect.ts'
import { sendEvent } from '../../src/contract/events.ts'
import { makeKey } from '../../src/contract/keys.ts'
import { type Serving, serve } from '../../src/serve.ts'
import { silent, temporaryFolder } from '../embedded/servers.ts'
import { PASSWORD } from './office.ts'

const folder = temporaryFolder()
let serving: Serving | null = null
afterAll(async () => {
  await serving?.drain()
  rmSync(folder, { recursive: true, force: true })
})

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

test('the first start gives a link for the owner, who comes in by it over the network; later starts give none', async () => {
  const port = String(await freePort())
  const config = readConfig({ WEDSYNC_DATA: path.join(folder, 'data'), PORT: port })
  serving = await serve(config, silent)
  const first = serving.ownerLink ?? ''
  expect(first).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/open#[A-Za-z0-9_-]{43}$`))
  await serving.drain()

  // Nobody has used it: the next start gives a new one, and the old one is void.
  serving = await serve(config, silent)
  const second = serving.ownerLink ?? ''
  expect(second).not.toBe(first)
  const api = connect({ base: serving.address, newKey: randomUUID, fetch: (request) => fetch(request) })
  const open = (link: string) =>
    api(openBusiness, {
      body: {
        link: link.split('#')[1] ?? '',
        person: { name: 'Olive', email: 'olive@example.org', password: PASSWORD },
        business: { name: 'Olive Photos', type: 'photographer', zone: 'Europe/London', region: 'GB' },
      },
    })
  await expect(open(first)).rejects.toMatchObject({ problem: { code: 'link_over' } })
  await open(second)
  const { data } = await api(signIn, { body: { email: 'olive@example.org', password: PASSWORD } })
  expect(data).toEqual({ is: 'signed_in' })
  // The door for events, health and the page of the house are where they were.
  const status = async (where: string, init?: RequestInit) =>
    (await fetch(`${config.url}${where}`, init)).status
  expect(await status('/health/live')).toBe(200)
  expect(await status('/')).toBe(200)
  expect(await status('/openapi.json')).toBe(200)
  expect(await status('/reference')).toBe(200)
  expect(await status('/api/v1/events', { method: 'POST' })).toBe(401)
  await serving.drain()

  serving = await serve(config, silent)
  expect(serving.ownerLink).toBeNull()
}, 60_000)

test('the examples of the reference work as they are written, in a shell with three variables', async () => {
  const base = serving?.address ?? ''
  const held = { cookie: '', token: '' }
  const api = connect({
    base,
    newKey: randomUUID,
    headers: () => ({ cookie: held.cookie, 'x-wedsync-csrf': held.token }),
    fetch: (request) => fetch(request),
  })
  const { response } = await api(signIn, { body: { email: 'olive@example.org', password: PASSWORD } })
  held.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const { csrf, memberships } = (await api(whoAmI, {})).data
  held.token = csrf
  const vendor = memberships[0]?.vendor ?? ''
  const key = await api(makeKey, {
    params: { vendor },
    body: {
      name: 'A program',
      password: PASSWORD,
      scopes: ['clients:read', 'clients:write', 'weddings:write', 'events:write'],
    },
  })
  const page = await (await fetch(`${base}/reference?vendor=${vendor}`)).text()
  expect(page).toContain(`VENDOR=${vendor}`)
  const env = { API: `${base}/api/v1`, KEY: key.data.secret, VENDOR: vendor, PATH: process.env.PATH }
  const run = async (op: string, ids: Record<string, string> = {}) => {
    const [, code = ''] = page.split(`id="${op}"`)[1]?.match(/<pre class="c">([^<]*)<\/pre>/) ?? []
    const words = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' } as const
    const plain = code.replace(/&(lt|gt|quot|#39|amp);/g, (one) => words[one as keyof typeof words])
    const { stdout } = await promisify(execFile)('bash', ['-c', plain], { env: { ...env, ...ids } })
    return JSON.parse(stdout)
  }

  const added = addClient.answer.parse(await run('clients.add'))
  expect(added.name).toContain('Anna Ashworth')
  const { fields: _, ...listed } = added
  expect((await run('clients.list')).items).toEqual([listed])
  const moved = await run('weddings.change', { WEDDING: added.wedding?.id ?? '' })
  expect(moved).toMatchObject({ on: '2027-09-04' })
  expect(sendEvent.answer.parse(await run('events.send'))).toMatchObject({ duplicate: false })
  expect(await run('events.send')).toMatchObject({ duplicate: true })
}, 60_000)
